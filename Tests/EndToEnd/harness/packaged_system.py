"""The files of the package on a system of their own, with a network of its own, but no systemd."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from .backend import ROOT, binary
from .certificates import Authority
from .nginx import SHIPPED, WEB

# Debian's nginx.conf, without the parts that have nothing to do with sites.
_MAIN = """\
user www-data;
worker_processes 1;
pid /run/nginx.pid;
error_log /var/log/nginx/error.log;
events { worker_connections 1024; }
http {
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    include /etc/nginx/conf.d/*.conf;
    include /etc/nginx/sites-enabled/*;
}
"""

_MOUNTS = """\
set -e
mount --bind "$1/etc" /etc
mount --bind "$1/share" /usr/share
mount --bind "$1/log" /var/log/nginx
mount -t tmpfs none /run
mount --bind "$1/lib" /var/lib
ip link set lo up
echo ready
exec cat
"""


def is_possible() -> bool:
    """Whether this process may create such a system."""
    return os.geteuid() == 0 and subprocess.run(
        ["unshare", "--mount", "--net", "ip", "link", "set", "lo", "up"],
        capture_output=True).returncode == 0


class PackagedSystem:
    """What the Debian package leaves: its files, and those that its script copies."""

    def __init__(self, directory: Path, authority: Authority):
        self.tree = directory
        self.etc = directory / "etc"
        self.nginx = self.etc / "nginx"
        self.settings = self.nginx / "gatehouse/settings"
        self.authority = authority
        for folder in "etc/nginx/conf.d", "etc/nginx/sites-enabled", "etc/default", "etc/ssl/certs":
            (directory / folder).mkdir(parents=True)
        for folder in "etc/ssl/private", "etc/gatehouse", "share", "log", "lib/nginx":
            (directory / folder).mkdir(parents=True)
        directory.chmod(0o755)
        for name in "passwd", "group", "nsswitch.conf", "ld.so.cache", "ssl/openssl.cnf":
            if Path("/etc", name).exists():
                shutil.copy(Path("/etc", name), self.etc / name)
        shutil.copy("/etc/nginx/mime.types", self.nginx)
        (self.nginx / "nginx.conf").write_text(_MAIN)
        self._install()

    def _install(self) -> None:
        """Copies what debian/gatehouse.install and debian/rules list."""
        for line in (ROOT / "debian/gatehouse.install").read_text().splitlines():
            source, target = line.split()
            if not source.startswith(("nginx/", "web")):
                continue
            folder = self._place(target)
            folder.mkdir(parents=True, exist_ok=True)
            for file in self._sources(source):
                if file.is_dir():
                    shutil.copytree(file, folder / file.name)
                else:
                    shutil.copy(file, folder)
        (self.nginx / "sites-available").mkdir()
        shutil.copy(SHIPPED / "gatehouse.conf", self.nginx / "sites-available/gatehouse")
        shutil.copy(ROOT / "debian/settings", self._place("usr/share/gatehouse/settings"))

    def _place(self, path: str) -> Path:
        return self.tree / path.replace("usr/share", "share", 1)

    def _sources(self, pattern: str) -> list[Path]:
        if pattern == "web":
            return [WEB]
        return sorted(SHIPPED.glob(pattern.removeprefix("nginx/")))

    def __enter__(self) -> "PackagedSystem":
        self.holder = subprocess.Popen(
            ["unshare", "--mount", "--net", "sh", "-c", _MOUNTS, "sh", self.tree],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.holder.stdout
        assert self.holder.stdout.readline() == "ready\n"
        return self

    def __exit__(self, *_: object) -> None:
        self.run("[ ! -s /run/nginx.pid ] || nginx -s stop")
        assert self.holder.stdin
        self.holder.stdin.close()
        self.holder.wait(10)

    def attempt(self, command: str) -> subprocess.CompletedProcess[str]:
        """Runs a shell command in the system."""
        return subprocess.run(
            ["nsenter", "-t", str(self.holder.pid), "-m", "-n", "env", "-i", "LC_ALL=C.UTF-8",
             f"PATH={self.tree}/bin:/usr/sbin:/usr/bin:/sbin:/bin", "bash", "-c", command],
            capture_output=True, text=True, cwd="/")

    def run(self, command: str) -> str:
        """Runs a shell command that must succeed, and returns its output."""
        done = self.attempt(command)
        assert done.returncode == 0, f"{command}: exit {done.returncode}\n{done.stderr}"
        return done.stdout

    def configure(self, version: str = "") -> str:
        """Runs the package's script, as dpkg does after it has unpacked the files."""
        return self.run(f"sh {ROOT}/debian/gatehouse.postinst configure {version}")

    def site(self, arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs `gatehouse site`."""
        return self.attempt(f"{binary()} site {arguments}")

    def certify(self, host: str, name: str = "gatehouse") -> None:
        """Puts a certificate for a host where the manual says."""
        certificate = self.authority.sign(re.sub(r"\W", "-", f"{name}-{host}"), host, 30)
        shutil.copy(certificate, self.etc / f"ssl/certs/{name}.pem")
        shutil.copy(self.authority.server_key, self.etc / f"ssl/private/{name}.key")

    def certify_by_certbot(self, host: str) -> Path:
        """Puts a certificate for a host where certbot does; returns its folder."""
        folder = self.etc / "letsencrypt/live" / host
        folder.mkdir(parents=True)
        shutil.copy(self.authority.sign(f"certbot-{host}", host, 30), folder / "fullchain.pem")
        shutil.copy(self.authority.server_key, folder / "privkey.pem")
        return folder

    def state(self) -> dict[str, tuple[int, str]]:
        """The mode and the content of every file and link of nginx and of the settings."""
        folders = self.nginx, self.etc / "default", self.etc / "gatehouse"
        return {
            str(path.relative_to(self.etc)): (
                path.lstat().st_mode,
                os.readlink(path) if path.is_symlink() else path.read_text())
            for folder in folders for path in sorted(folder.rglob("*")) if not path.is_dir()
            or path.is_symlink()}
