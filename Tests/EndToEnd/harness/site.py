"""A complete site in a directory: gatehouse behind the shipped nginx configuration, with TLS."""

import socket
from pathlib import Path
from typing import Any

from .backend import Backend, held_socket
from .certificates import Authority
from .client import Client
from .database import Database
from .http2 import Http2Client
from .nginx import Nginx


class Site:
    """Starts everything on entry and stops it on exit.

    With `hold_socket` the listening socket stays open between gatehouse processes, as with a
    systemd socket unit.
    """

    def __init__(
        self,
        directory: Path,
        authority: Authority,
        settings: dict[str, str] | None = None,
        hold_socket: bool = False,
        launcher: tuple[str, ...] = (),
        **nginx_choices: object,
    ):
        directory.mkdir(parents=True)
        self.directory = directory
        self.authority = authority
        self.listener: socket.socket | None = None
        if hold_socket:
            self.listener = held_socket(directory / "backend.sock")
        self.backend = Backend(directory, settings, self.listener, launcher)
        self.nginx = Nginx(directory, self.backend.socket_path, authority, **nginx_choices)
        self.secret = self.backend.environment["JWT_SECRET"]

    def __enter__(self) -> "Site":
        try:
            self.backend.start()
            self.nginx.start()
            # The server responds only after the migrations, so the tables exist from here on.
            assert self.client().request("GET", "/health").status == 200
            self.database = Database(self.backend.database_path)
            self.database.reset()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.nginx.stop()
        self.backend.stop()
        if self.listener:
            self.listener.close()

    def client(self, **choices: Any) -> Client:
        return Client(self.nginx.port, self.authority.certificate, **choices)

    def http2_client(self, **choices: Any) -> Client:
        return Http2Client(self.nginx.port, self.authority.certificate, **choices)
