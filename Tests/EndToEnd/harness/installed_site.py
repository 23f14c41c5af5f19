"""A site set up as if it were installed, for the doctor to check."""

import os
import shutil
import signal
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from .polling import until
from .ports import free_port
from .site import Site

ORIGIN = "https://localhost:5173"


@dataclass
class InstalledSite:
    """A site, with the files whose paths are passed to the doctor."""

    site: Site
    port: int = field(default_factory=free_port)

    def __post_init__(self) -> None:
        self.directory = self.site.directory
        self.secret = self.directory / "jwt-secret"
        self.backups = self.directory / "backups"
        self.settings = self.site.nginx.configuration / "gatehouse" / "settings"
        self.certificate = self.site.authority.sign("month", "localhost", 30)
        self.key = self.directory / "server.key"

    def prepare(self) -> None:
        """Sets up the harness's site as a correct installation."""
        shutil.copy(self.site.authority.server_key, self.key)
        self.key.chmod(0o600)
        listen = self.settings / "listen.conf"
        authority = self.site.authority
        listen.write_text(
            listen.read_text()
            .replace(str(authority.server_certificate), str(self.certificate))
            .replace(str(authority.server_key), str(self.key)))
        (self.settings / "redirect.conf").write_text(
            f"server {{\n    listen 127.0.0.1:{self.port};\n    server_name localhost;\n"
            f"    return 308 https://$server_name:{self.site.nginx.port}$request_uri;\n}}\n")
        main = self.site.nginx.configuration / "nginx.conf"
        main.write_text(main.read_text().replace(
            "events { worker_connections 1024; }",
            "worker_rlimit_nofile 10000;\nevents { worker_connections 4096; }"))
        self.backups.mkdir()
        (self.backups / "gatehouse-today.db").write_text("a backup")

    def examine(
        self, *arguments: str, settings: dict[str, str | None] | None = None, trusts: bool = True
    ) -> subprocess.CompletedProcess[str]:
        """Runs the doctor and returns its output."""
        authority = ["--authority", str(self.site.authority.certificate)] if trusts else []
        return self.site.backend.command(
            "doctor", "--nginx-prefix", str(self.site.nginx.configuration),
            "--nginx-conf", "nginx.conf", *authority, *arguments, settings=settings)

    def reload(self) -> None:
        """Reloads nginx and waits until all workers have the new configuration."""
        assert self.site.nginx.process
        master = self.site.nginx.process.pid
        before = children(master)
        os.kill(master, signal.SIGHUP)
        until(
            lambda: (now := children(master)) and not now & before,
            "nginx has only new workers")

    @contextmanager
    def edited(self, path: Path, old: str, new: str, reload: bool = False) -> Iterator[None]:
        """Replaces text in a file, and reloads nginx if `reload` is true; undone at the end."""
        text = path.read_text()
        assert old in text, f"{old!r} in {path}"
        path.write_text(text.replace(old, new, 1))
        try:
            if reload:
                self.reload()
            yield
        finally:
            path.write_text(text)
            if reload:
                self.reload()

    @contextmanager
    def copied(self, change: Callable[[sqlite3.Connection], object] | None = None,
               folder: Path | None = None) -> Iterator[Path]:
        """A copy of the database in a separate folder, which no process has open."""
        folder = folder or self.directory / "copy"
        folder.mkdir(mode=0o700, exist_ok=True)
        path = folder / "gatehouse.db"
        with closing(sqlite3.connect(path)) as copy:
            self.site.database.connection.backup(copy)
            if change:
                change(copy)
        path.chmod(0o600)
        try:
            yield path
        finally:
            for file in folder.iterdir():
                file.unlink()


def children(process: int) -> set[int]:
    """The children of a process.

    /proc/PID/task/TID/children may leave some out while others end (proc(5)), so this reads the
    parent of every process.
    """
    children = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name in parentheses may contain blanks and parentheses.
            state, parent = path.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue  # The process has ended.
        if int(parent) == process and state != "Z":
            children.add(int(path.parent.name))
    return children
