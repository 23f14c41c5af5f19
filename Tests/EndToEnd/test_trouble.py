"""The machine in trouble under a running server: it says what is wrong, and gets over it.

Scribes add people all the time, before, during and after: what was answered to them must be there.
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
    """A site whose database is on a small disk of its own."""
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
    """Adds people, one after the other, and remembers which of them were acknowledged."""

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
            except Exception as error:  # a thread must not end in silence
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
    """A refusal that says whose fault it is, in the contract's shape."""
    return answer.status in (500, 502, 503) and answer.json["statusCode"] == answer.status


def total(crew: list[Scribe], *statuses: int) -> int:
    return sum(scribe.statuses[status] for scribe in crew for status in statuses)


def errors(log: str) -> list[str]:
    return re.findall(r"^(?:error|critical): .*$", log, re.MULTILINE)


def ask(site: Site, path: str, pair: Tokens) -> Answer:
    with closing(site.client()) as client:
        return client.request("GET", path, pair.bearer)


def refused(site: Site, pair: Tokens, method: str) -> Answer | None:
    """Several at once, for nginx keeps some connections that it has had before."""
    def ask_once(_: int) -> Answer:
        with closing(site.client()) as client:
            if method == "GET":
                return client.request("GET", "/api/people/1", pair.bearer)
            person = {"firstName": "x" * 10_000, "lastName": ""}  # served, it would be a 400
            return client.send_json("POST", "/api/people", person, pair.bearer)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask_once, range(16)))
    assert {answer.status for answer in answers} <= {200, 400, 503}
    return next((answer for answer in answers if answer.status == 503), None)


# Each trouble lasts for its `with`.

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
    """The limit is lowered under the running process, to what a function makes of those it has."""
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
    (full_disk, 500, "database or disk is full"),
    (locked_database, 503, "another process has locked the database"),
    (no_descriptors(first_free), 503, "no file descriptor left|Too many open files"),
    # Not even for the one in reserve.
    (no_descriptors(lambda taken: 3), None, "no file descriptor left|Too many open files"),
], ids=["full disk", "locked", "no descriptors", "not one descriptor"])
def test_trouble_is_told_and_passes(
    trouble: Trouble, refusal: int | None, cause: str, troubled: Site
) -> None:
    has_no_descriptors = cause.startswith("no file descriptor")
    pair = troubled.client().log_in("admin@example.com", "Admin@123")
    # Its first use is noted, and reads are done with writing.
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
                    # Without descriptors, nginx may have no connection left to ask on.
                    allowed = (200, 503) if has_no_descriptors else (200,)
                    assert answer.status in allowed, answer.body
                if has_no_descriptors:
                    for method in "GET", "POST":
                        answer = until(lambda: refused(troubled, pair, method), "one is refused")
                        assert answer.json["statusCode"] == 503
                        assert answer.header("Retry-After") == "1"
                    assert total(crew, 502) == 0
                else:
                    until(lambda: ask(troubled, "/health/ready", pair).status == 503, "not ready")
            else:
                until(lambda: time.monotonic() - began > 3, "a while")
            told = errors(troubled.backend.log()[before:])
            lasted = time.monotonic() - began
        until(lambda: re.search(cause, troubled.backend.log()[before:]), f"the log says {cause}")
        last = total(crew, 201)
        until(lambda: total(crew, 201) > last + 20, "people are added again", within=30)
    assert [odd for scribe in crew for odd in scribe.odd] == []
    assert ask(troubled, "/health/ready", pair).status == 200

    print(f"{[dict(scribe.statuses) for scribe in crew]}, {len(told)} lines in {lasted:.1f} s")
    # One line for each request that failed, with its number, or one a second.
    assert len(told) <= total(crew, 500) + lasted + 5, told[:20]
    assert all(re.search(f"{cause}|not ready", line) for line in told), told
    assert troubled.backend.is_running and troubled.backend.process.pid == process
    check_kept(troubled, crew)


def check_kept(site: Site, crew: list[Scribe]) -> None:
    assert site.database.integrity() == []
    people = set(site.database.execute("SELECT first_name, last_name FROM people"))
    for scribe in crew:
        assert scribe.written and {(scribe.name, number) for number in scribe.written} <= people
