"""The database, the token and the two responders that all measurements use."""

import base64
import contextlib
import hashlib
import hmac
import json
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterable

from . import fastcgi

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
TOOLS = REPOSITORY / ".build/bench"
GATEHOUSE = pathlib.Path(
    os.environ.get("GATEHOUSE_BINARY", REPOSITORY / ".build/release/gatehouse"))
RESPONDERS = {"floor": [str(TOOLS / "floor")], "gatehouse": [str(GATEHOUSE), "serve"]}
CORES = os.cpu_count() or 1

EMAIL, PASSWORD = "bench@example.com", "A password, Aa1@"
SECRET = "a secret for benchmarks, in no use anywhere else"
SESSION = 4_611_686_018_427_387_000
# Id, first name and last name.
PEOPLE = [(n + 1, f"Given{n}", f"O'Family “{n}”") for n in range(100)]


class Responder:
    """A running responder."""

    def __init__(self, process: subprocess.Popen, socket: str, ready: float):
        self.process, self.socket, self.pid, self.ready = process, socket, process.pid, ready

    def processor_seconds(self) -> float:
        """Returns the CPU time that its threads have used so far, in seconds."""
        threads = pathlib.Path(f"/proc/{self.pid}/task").iterdir()
        return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9

    def memory(self, name: str) -> float:
        """Returns a value of the status file of proc(5), such as VmRSS, in MB."""
        for line in pathlib.Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith(name + ":"):
                return int(line.split()[1]) / 1024
        raise KeyError(name)


class Scene:
    """A directory with a database of one account, one session and some people."""

    def __init__(self, directory: pathlib.Path, people: Iterable[tuple[int, str, str]] = PEOPLE,
                 password_cost: str = "10"):
        self.directory = directory
        self.people = people
        self.password_cost = password_cost
        self._fill(directory / "template.db")
        self.token = self._sign()
        self.cookie = {"Cookie": f"accessToken={self.token}"}

    def request(self, target: str) -> bytes:
        """A signed-in GET as nginx passes it on."""
        fields = {"Host": "localhost:8443", "User-Agent": "curl/8.5.0"}
        return fastcgi.request("GET", target, fields | self.cookie)

    @contextlib.contextmanager
    def responder(self, name: str, workers: int = CORES, under: tuple[str, ...] = (),
                  patience: float = 60):
        """Runs a responder on its own copy of the database until the block ends."""
        home = pathlib.Path(tempfile.mkdtemp(prefix=name + "-", dir=self.directory))
        shutil.copy(self.directory / "template.db", home / "gatehouse.db")
        socket = str(home / "socket")
        environment = self.environment(home / "gatehouse.db") | {
            "GATEHOUSE_LISTEN": "unix:" + socket, "GATEHOUSE_WORKERS": str(workers)}
        with open(home / "log", "wb") as log:
            start = time.monotonic()
            process = subprocess.Popen([*under, *RESPONDERS[name]], env=environment, stdout=log,
                                       stderr=log, cwd=home)
        try:
            self._wait(process, socket, start + patience)
            yield Responder(process, socket, time.monotonic() - start)
            process.send_signal(signal.SIGTERM)
            if process.wait(patience) != 0:
                raise SystemExit(f"{name} ended with {process.returncode}; see {home / 'log'}")
        except BaseException:
            process.kill()
            process.wait()
            raise

    def environment(self, database: pathlib.Path) -> dict[str, str]:
        return {"PATH": os.environ["PATH"], "JWT_SECRET": SECRET, "JWT_EXPIRES_IN": "24h",
                "GATEHOUSE_SETTINGS": "", "GATEHOUSE_DATABASE": str(database),
                "GATEHOUSE_PASSWORD_COST": self.password_cost}

    def _wait(self, process: subprocess.Popen, socket: str, deadline: float) -> None:
        message = fastcgi.request("GET", "/health", {})
        while True:
            try:
                fastcgi.ask(socket, message)
                return
            except OSError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise SystemExit(f"{process.args} does not respond; see {socket[:-6]}log")
                time.sleep(0.0005)

    def _fill(self, path: pathlib.Path) -> None:
        # Gatehouse creates the tables, so that they match its version. With an earlier build to
        # compare with, that one does, because only a later one can upgrade them.
        program, *_ = RESPONDERS.get("baseline", [GATEHOUSE])
        subprocess.run([program, "user", "add", EMAIL], input=PASSWORD + "\n", text=True,
                       env=self.environment(path), check=True, stdout=subprocess.DEVNULL)
        now = int(time.time() * 1000)
        database = sqlite3.connect(path)
        self.account, = database.execute("SELECT id FROM accounts").fetchone()
        # The token was first used long ago, so that no request has to write that.
        database.execute(
            "INSERT INTO sessions (id, account_id, started_at, expires_at, generation, parent,"
            " confirmed_at, rotated_at, handed_at, seen_at, address, device)"
            " VALUES (:id, :account, :now, :end, 0, 0, :now, :now, :now, :now, '', '')",
            {"id": SESSION, "account": self.account, "now": now, "end": now + 7 * 86_400_000})
        database.executemany(
            "INSERT INTO people (id, first_name, last_name) VALUES (?, ?, ?)", self.people)
        database.commit()
        database.close()  # moves the WAL into the file, which is then copied

    def _sign(self) -> str:
        def part(plain: bytes) -> bytes:
            return base64.urlsafe_b64encode(plain).rstrip(b"=")

        now = int(time.time())
        # In the order in which Gatehouse writes the claims; it accepts no other order.
        claims = {"sub": str(self.account), "sid": str(SESSION), "gen": 0, "iat": now,
                  "exp": now + 86_400, "username": EMAIL, "role": "user"}
        compact = {"separators": (",", ":")}
        # The name of the key, by HKDF (RFC 5869) without a salt.
        secret = hmac.digest(bytes(32), SECRET.encode(), hashlib.sha256)
        name = hmac.digest(secret, b"gatehouse key name\1", hashlib.sha256)[:3].hex()
        header = {"alg": "HS256", "typ": "at+jwt", "kid": name}
        text = (part(json.dumps(header, **compact).encode()) + b"."
                + part(json.dumps(claims, **compact).encode()))
        return (text + b"." + part(hmac.digest(SECRET.encode(), text, hashlib.sha256))).decode()


@contextlib.contextmanager
def scene(people: Iterable[tuple[int, str, str]] = PEOPLE, password_cost: str = "10"):
    """A scene that is removed at the end, unless something failed."""
    directory = pathlib.Path(tempfile.mkdtemp(prefix="gatehouse-bench-"))
    yield Scene(directory, people, password_cost)
    shutil.rmtree(directory, ignore_errors=True)
