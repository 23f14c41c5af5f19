"""The disk, a lock or a limit fails a running server: it reports the cause and recovers.

Scribes add people before, during and after; every acknowledged person must be in the database.
"""

import re
import sqlite3
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest

from harness import disks
from harness.client import Answer, Tokens
from harness.polling import until
from harness.site import Site

LASTING = {"JWT_EXPIRES_IN": "1h", "REFRESH_TOKEN_EXPIRES_IN": "1d"}


@pytest.fixture
def troubled(site_for, tmp_path: Path) -> Iterator[Site]:
    """A site whose database is alone on a small disk."""
    with disks.in_memory(tmp_path / "disk") as disk, site_on(site_for, disk) as site:
        yield site


@contextmanager
def site_on(site_for: Callable[..., Site], disk: Path) -> Iterator[Site]:
    site: Site = site_for(f"trouble-{time.monotonic_ns()}", LASTING)
    site.backend.database_path = disk / "gatehouse.db"
    site.backend.environment["GATEHOUSE_DATABASE"] = str(site.backend.database_path)
    with site:
        try:
            yield site
        finally:
            site.database.close()


class Scribe(threading.Thread):
    """Adds people one after the other, and remembers which of them were acknowledged."""

    def __init__(self, site: Site, pair: Tokens, name: str):
        super().__init__(name=name, daemon=True)
        self.client = site.client()
        self.pair = pair
        self.written: set[str] = set()
        self.statuses: Counter[int] = Counter()
        self.odd: list[str] = []
        self.stopping = threading.Event()

    def run(self) -> None:
        number = 0
        while not self.stopping.is_set():
            number += 1
            person = {"firstName": self.name, "lastName": f"{number}"}
            try:
                answer = self.client.send_json("POST", "/api/people", person, self.pair.bearer)
            except Exception as error:  # a thread must not fail silently
                self.odd.append(repr(error))
                return
            self.statuses[answer.status] += 1
            if answer.status == 201:
                self.written.add(f"{number}")
            elif not is_clear(answer):
                self.odd.append(f"{answer.status} {answer.body[:100]!r}")


@contextmanager
def scribes(site: Site, pair: Tokens) -> Iterator[list[Scribe]]:
    crew = [Scribe(site, pair, f"Scribe {number}") for number in range(2)]
    for scribe in crew:
        scribe.start()
    try:
        yield crew
    finally:
        for scribe in crew:
            scribe.stopping.set()
        for scribe in crew:
            scribe.join(40)


def is_clear(answer: Answer) -> bool:
    """True if this is a server error in the contract's shape."""
    return answer.status in (500, 502, 503) and answer.json["statusCode"] == answer.status


def total(crew: list[Scribe], *statuses: int) -> int:
    return sum(scribe.statuses[status] for scribe in crew for status in statuses)


def errors(log: str) -> list[str]:
    return re.findall(r"^(?:error|critical): .*$", log, re.MULTILINE)


def ask(site: Site, path: str, pair: Tokens) -> Answer:
    with closing(site.client()) as client:
        return client.request("GET", path, pair.bearer)


def refused(site: Site, pair: Tokens, method: str) -> Answer | None:
    """Sends several requests at once, and returns a 503 if there is one.

    A single request might succeed on a connection that nginx has kept open.
    """
    def ask_once(_: int) -> Answer:
        with closing(site.client()) as client:
            if method == "GET":
                return client.request("GET", "/api/people/1", pair.bearer)
            person = {"firstName": "x" * 10_000, "lastName": ""}  # if processed, a 400
            return client.send_json("POST", "/api/people", person, pair.bearer)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask_once, range(16)))
    assert {answer.status for answer in answers} <= {200, 400, 503}
    return next((answer for answer in answers if answer.status == 503), None)


# Each kind of trouble lasts as long as its `with` block.

@contextmanager
def full_disk(site: Site) -> Iterator[None]:
    with disks.filled(site.backend.database_path.parent):
        yield


@contextmanager
def locked_database(site: Site) -> Iterator[None]:
    with closing(sqlite3.connect(
            site.backend.database_path, isolation_level=None, timeout=20)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


def no_descriptors(limit: Callable[[set[int]], int]):
    """Lowers the process's limit of file descriptors to `limit(open descriptors)`."""
    @contextmanager
    def lowered(site: Site) -> Iterator[None]:
        process = site.backend.process.pid
        taken = {int(entry.name) for entry in Path(f"/proc/{process}/fd").iterdir()}
        with_limit(process, limit(taken))
        yield
        with_limit(process, 1024)
    return lowered


def with_limit(process: int, number: int) -> None:
    subprocess.run(["prlimit", "--pid", str(process), f"--nofile={number}:"], check=True)


def first_free(taken: set[int]) -> int:
    return next(number for number in range(1024) if number not in taken)


Trouble = Callable[[Site], AbstractContextManager[None]]


@pytest.mark.parametrize(("trouble", "refusal", "cause"), [
    (full_disk, 503, "database or disk is full"),
    (locked_database, 503, "another process has locked the database"),
    (no_descriptors(first_free), 503, "no file descriptor left|Too many open files"),
    # Not even the reserved descriptor can be used.
    (no_descriptors(lambda taken: 3), None, "no file descriptor left|Too many open files"),
], ids=["full disk", "locked", "no descriptors", "not one descriptor"])
def test_the_server_reports_trouble_and_recovers(
    trouble: Trouble, refusal: int | None, cause: str, troubled: Site
) -> None:
    has_no_descriptors = cause.startswith("no file descriptor")
    pair = troubled.client().log_in("admin@example.com", "Admin@123")
    # Stores the first use of the token, so that later reads write nothing.
    assert ask(troubled, "/api/auth/me", pair).status == 200
    process = troubled.backend.process.pid
    with scribes(troubled, pair) as crew:
        until(lambda: total(crew, 201) > 20, "people are added")
        before, began = len(troubled.backend.log()), time.monotonic()
        with trouble(troubled):
            if refusal:
                if not has_no_descriptors:
                    until(lambda: total(crew, refusal) > 5, f"refused with {refusal}", within=30)
                for path in "/health", "/api/auth/me", "/api/people/1":
                    answer = ask(troubled, path, pair)
                    # Without descriptors, nginx may have no connection to the server.
                    allowed = (200, 503) if has_no_descriptors else (200,)
                    assert answer.status in allowed, answer.body
                if has_no_descriptors:
                    for method in "GET", "POST":
                        answer = until(lambda: refused(troubled, pair, method), "a 503")
                        assert answer.json["statusCode"] == 503
                        assert answer.header("Retry-After") == "1"
                    assert total(crew, 502) == 0
                else:
                    until(lambda: ask(troubled, "/health/ready", pair).status == 503, "not ready")
            else:
                until(lambda: time.monotonic() - began > 3, "three seconds have passed")
            told = errors(troubled.backend.log()[before:])
            lasted = time.monotonic() - began
        until(lambda: re.search(cause, troubled.backend.log()[before:]), f"the log says {cause}")
        last = total(crew, 201)
        until(lambda: total(crew, 201) > last + 20, "people are added again", within=30)
    assert [odd for scribe in crew for odd in scribe.odd] == []
    assert ask(troubled, "/health/ready", pair).status == 200

    print(f"{[dict(scribe.statuses) for scribe in crew]}, {len(told)} lines in {lasted:.1f} s")
    # One line for each failed request, with its number, or one line a second.
    assert len(told) <= total(crew, 500, 503) + lasted + 5, told[:20]
    assert all(re.search(f"{cause}|not ready", line) for line in told), told
    assert troubled.backend.is_running and troubled.backend.process.pid == process
    check_kept(troubled, crew)


def check_kept(site: Site, crew: list[Scribe]) -> None:
    assert site.database.integrity() == []
    people = set(site.database.execute("SELECT first_name, last_name FROM people"))
    for scribe in crew:
        assert scribe.written and {(scribe.name, number) for number in scribe.written} <= people
