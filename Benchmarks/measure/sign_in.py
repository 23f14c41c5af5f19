"""Instructions of one login and one refresh, compared with an earlier build.

There is no floor to compare with: the rules are what is measured. GATEHOUSE_BASELINE names the
earlier binary.
"""

import json
import os
import socket
from collections.abc import Callable

from . import fastcgi
from .instructions import CALLGRIND, total
from .scene import EMAIL, PASSWORD, RESPONDERS, Scene, scene
from .table import table

# The lowest cost of bcrypt: about 2 million instructions, the same in each run.
COST = "4"


class Connection:
    """One kept connection to a responder."""

    def __init__(self, path: str):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)
        self.stream = self.socket.makefile("rb")

    def post(self, target: str, content: dict[str, str]) -> dict:
        fields = {"Host": "localhost:8443", "User-Agent": "curl/8.5.0"}
        body = json.dumps(content).encode()
        self.socket.sendall(fastcgi.request("POST", target, fields, body))
        head, body = fastcgi.read_response(self.stream)
        if not head.startswith(b"Status: 200"):
            raise SystemExit(f"{target}: {head!r} {body!r}")
        return json.loads(body)


def log_in(connection: Connection) -> str:
    answer = connection.post("/api/auth/login", {"username": EMAIL, "password": PASSWORD})
    return answer["refreshToken"]


def logins(connection: Connection, count: int) -> None:
    for _ in range(count):
        log_in(connection)


def refreshes(connection: Connection, count: int) -> None:
    """Refreshes as a program: each token is valid once, so each refresh is a rotation."""
    token = log_in(connection)
    for _ in range(count):
        answer = connection.post("/api/auth/refresh", {"refreshToken": token})
        token = answer["refreshToken"]


def count(scene: Scene, name: str, run: Callable[[Connection, int], None], requests: int) -> int:
    with scene.responder(name, workers=1, under=CALLGRIND) as responder:
        run(Connection(responder.socket), requests)
    return total(responder)


def sign_in() -> None:
    print("Instructions of a login (bcrypt, cost 4, included) and of a refresh that rotates:")
    print("callgrind, user space, one worker. Ratios are to GATEHOUSE_BASELINE.")
    names = ["gatehouse"]
    if baseline := os.environ.get("GATEHOUSE_BASELINE"):
        RESPONDERS["baseline"] = [baseline, "serve"]
        names.insert(0, "baseline")
    with scene(password_cost=COST) as here:
        rows = rows_of(here, names)
    table(["", "each", "ratio"], rows)


def rows_of(scene: Scene, names: list[str]) -> list[list[str]]:
    rows = []
    for kind, run, few, many in ("login", logins, 50, 250), ("refresh", refreshes, 100, 500):
        figures = {}
        for name in names:
            difference = count(scene, name, run, many) - count(scene, name, run, few)
            figures[name] = difference / (many - few)
        first = figures[names[0]]
        for name in names:
            rows.append([f"{kind}, {name}", f"{figures[name]:,.0f}", f"{figures[name] / first:.3f}"])
    return rows
