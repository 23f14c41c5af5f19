"""A booted Debian with a systemd of its own, in a container; nothing it does is kept."""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "EndToEnd"))

from harness.polling import until  # noqa: E402

_CLONE_NEWNET = 0x40000000
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# Where packages can be fetched from; a machine has its own loopback and nothing else.
_OUTSIDE = os.open("/proc/self/ns/net", os.O_RDONLY | os.O_CLOEXEC)


class Machine:
    """Boots on entry, is gone on exit. What it writes stays in memory."""

    def __init__(self, root: Path, log: Path):
        self.image = root
        self.log = log

    def __enter__(self) -> "Machine":
        # script gives the console that nspawn wants; the hierarchy, and --keep-unit, make it run
        # inside another container and where no systemd is.
        boot = (
            f"systemd-nspawn -q -D {self.image} -b --register=no --keep-unit --private-network"
            " --volatile=overlay")
        with self.log.open("wb") as console:
            self.console = subprocess.Popen(
                ["script", "-qec", boot, "/dev/null"], stdin=subprocess.DEVNULL, stdout=console,
                start_new_session=True,
                env=os.environ | {"SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1"})
        try:
            self.container = until(lambda: _child(self.console.pid), "nspawn runs")
            until(self._is_up, "the system is up", within=60)
            with open(f"/proc/{self.leader}/ns/net") as network:
                _join_network(network.fileno())
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        # Nothing is kept, so there is nothing to shut down: with its init all of it ends.
        leader = getattr(self, "leader", None)
        os.kill(leader or self.console.pid, signal.SIGKILL)
        self.console.wait(30)
        _join_network(_OUTSIDE)

    @property
    def root(self) -> Path:
        """The machine's files, seen from here."""
        return Path(f"/proc/{self.leader}/root")

    def put(self, file: Path, path: str) -> None:
        shutil.copy(file, self.root / path.lstrip("/"))

    def run(
        self, command: str, input: str = "", check: bool = True, is_online: bool = False
    ) -> str:
        """What a root shell there says to the command, errors included."""
        network = f"--net=/proc/self/fd/{_OUTSIDE}" if is_online else "-n"
        done = subprocess.run(
            ["nsenter", "-t", str(self.leader), "-m", "-u", "-i", "-p", "-C", network,
             "env", "-C", "/root", "-i", f"PATH={_PATH}", "HOME=/root", "LC_ALL=C.UTF-8",
             "DEBIAN_FRONTEND=noninteractive", "bash", "-c", command],
            input=input, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            pass_fds=[_OUTSIDE])
        if check:
            assert done.returncode == 0, f"{command}: exit {done.returncode}\n{done.stdout}"
        return done.stdout

    def property(self, unit: str, name: str) -> str:
        """A property of a unit, as `systemctl show` has it."""
        return self.run(f"systemctl show --value -p {name} '{unit}'").strip()

    def _is_up(self) -> bool:
        # Asked each time: nspawn's first child is another, which makes the init and goes.
        self.leader = _child(self.container)
        if self.leader is None:
            return False
        done = subprocess.run(
            ["nsenter", "-t", str(self.leader), "-a", "systemctl", "is-system-running"],
            stdin=subprocess.DEVNULL, capture_output=True, text=True)
        return done.stdout.strip() in ("running", "degraded")


def _join_network(namespace: int) -> None:
    """This thread, and those it starts, see that network's loopback from now on."""
    library = ctypes.CDLL(None, use_errno=True)
    if library.setns(namespace, _CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


def _child(process: int) -> int | None:
    """The latest child of a process, if it has one."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return int(children[-1]) if children else None
