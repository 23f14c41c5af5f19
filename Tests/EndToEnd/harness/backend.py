"""The gatehouse binary as a process: its settings, start and stop."""

import os
import signal
import socket
import subprocess
from pathlib import Path

from .polling import until

ROOT = Path(__file__).resolve().parents[3]

# The settings of the recorded cases; the hashing cost is the minimum, so that tests are fast.
BASE_SETTINGS = {
    "JWT_SECRET": "your-very-secure-secret-key-here",
    "JWT_EXPIRES_IN": "1m",
    "REFRESH_TOKEN_EXPIRES_IN": "3m",
    "NODE_ENV": "development",
    "GATEHOUSE_ALLOWED_ORIGINS": "http://localhost:4200",
    "GATEHOUSE_LOG_LEVEL": "trace",
    "GATEHOUSE_SETTINGS": "",
    "GATEHOUSE_PASSWORD_COST": "4",
    "GATEHOUSE_WORKERS": "2",
    "GATEHOUSE_HASHING_THREADS": "2",
    # Some tests change people as fast as they can.
    "GATEHOUSE_PEOPLE_RATE": "1000000",
    # Many tests are refused on purpose. test_overload.py has the usual delay.
    "GATEHOUSE_REFUSAL_DELAY": "0",
}


def binary() -> Path:
    """The binary under test: GATEHOUSE_BINARY, else the release build, else the debug build."""
    given = os.environ.get("GATEHOUSE_BINARY")
    if given:
        return Path(given)
    builds = [ROOT / ".build" / kind / "gatehouse" for kind in ("release", "debug")]
    return next((build for build in builds if build.exists()), builds[0])


class Backend:
    """One gatehouse process with a database, a socket and a log in a directory.

    With `listener`, the process serves that inherited descriptor; else it opens its own socket.
    """

    def __init__(
        self,
        directory: Path,
        settings: dict[str, str] | None = None,
        listener: socket.socket | None = None,
        launcher: tuple[str, ...] = (),
    ):
        self.directory = directory
        # A command that runs the program; the program's command line is appended to it.
        self.launcher = launcher
        self.socket_path = directory / "backend.sock"
        self.database_path = directory / "gatehouse.db"
        self.log_path = directory / "gatehouse.log"
        self.listener = listener
        self.process: subprocess.Popen[bytes] | None = None
        listen = f"fd:{listener.fileno()}" if listener else f"unix:{self.socket_path}"
        self.environment = (
            {"PATH": os.environ["PATH"]}
            | BASE_SETTINGS
            | {"GATEHOUSE_DATABASE": str(self.database_path), "GATEHOUSE_LISTEN": listen}
            | (settings or {})
        )

    def launch(self) -> None:
        """Starts the process without waiting until it serves requests."""
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                [*self.launcher, binary(), "serve"],
                env=self.environment,
                cwd=self.directory,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=[self.listener.fileno()] if self.listener else [],
            )

    def start(self) -> None:
        """Starts the process and waits until its socket accepts connections."""
        self.launch()
        if not self.listener:
            until(self._accepts, "gatehouse accepts connections\n" + self.log(), within=20)

    def _accepts(self) -> bool:
        if not self.is_running:
            raise AssertionError(f"gatehouse ended while starting:\n{self.log()}")
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(str(self.socket_path)) == 0

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self, within: float = 10.0) -> int:
        """Stops the process with SIGTERM and returns its exit status."""
        return self._end(signal.SIGTERM, within)

    def kill(self) -> None:
        """Kills the process with SIGKILL, so that it cannot clean up, as in a power cut."""
        self._end(signal.SIGKILL, 10)

    def _end(self, how: signal.Signals, within: float) -> int:
        if self.process is None:
            return 0
        self.process.send_signal(how)
        try:
            return self.process.wait(within)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"gatehouse had not ended {within} s after {how.name}") from None

    def restart(self) -> None:
        """Stops with SIGTERM and starts again, as a service manager does."""
        status = self.stop()
        assert status == 0, f"gatehouse ended with {status} on SIGTERM:\n{self.log()[-2000:]}"
        self.start()

    def log(self) -> str:
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def command(
        self, *arguments: str, stdin: str = "", settings: dict[str, str | None] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Runs another gatehouse command on the same database; None unsets a setting."""
        environment = self.environment | (settings or {})
        return subprocess.run(
            [*self.launcher, binary(), *arguments],
            env={name: value for name, value in environment.items() if value is not None},
            cwd=self.directory,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=30,
        )


def held_socket(path: Path) -> socket.socket:
    """A listening socket that outlives the processes that serve it, like a socket unit's."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    path.chmod(0o660)
    listener.listen(4096)
    return listener
