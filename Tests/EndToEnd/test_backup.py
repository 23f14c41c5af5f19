"""Backups: made while the server runs, complete, and verifiable."""

import hashlib
import os
import stat
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from harness.backups import content, manifest, refusal, run, stopped
from harness.client import Client, Tokens
from harness.polling import until
from harness.site import Site

LASTING = {"JWT_EXPIRES_IN": "1h", "REFRESH_TOKEN_EXPIRES_IN": "1d"}


@pytest.fixture(scope="module")
def busy(site_for) -> Iterator[Site]:
    with site_for("busy", LASTING) as site:
        yield site


@pytest.fixture(scope="module")
def elsewhere(site_for) -> Iterator[Site]:
    with site_for("elsewhere", LASTING) as site:
        yield site


@dataclass
class Added:
    """A person added by a request: when it was sent, and when its response arrived."""

    number: int
    names: tuple[str, str]
    sent: float
    confirmed: float


@dataclass
class Adding(threading.Thread):
    """Adds one person after another until `stopping` is set."""

    client: Client
    pair: Tokens
    writer: int
    added: list[Added] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    failure: str = ""

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        while not self.stopping.is_set():
            names = (f"W{self.writer}", str(len(self.added)))
            sent = time.monotonic()
            answer = self.client.send_json(
                "POST", "/api/people", {"firstName": names[0], "lastName": names[1]},
                self.pair.bearer)
            if answer.status != 201:
                self.failure = f"{answer.status} {answer.body!r}"
                return
            self.added.append(Added(answer.json["id"], names, sent, time.monotonic()))


@contextmanager
def load(site: Site, writers: int = 4) -> Iterator[list[Adding]]:
    pair = site.client().log_in("john@example.com", "John@123")
    threads = [Adding(site.client(), pair, number) for number in range(writers)]
    for thread in threads:
        thread.start()
    try:
        yield threads
    finally:
        for thread in threads:
            thread.stopping.set()
        for thread in threads:
            thread.join(30)
    assert [thread.failure for thread in threads if thread.failure] == []


def test_a_backup_under_load_is_consistent_and_restores_the_same_content(
    busy: Site, elsewhere: Site, tmp_path: Path
) -> None:
    busy.database.reset()
    backups = []
    with load(busy) as threads:
        until(lambda: all(len(thread.added) > 20 for thread in threads), "people are added")
        for number in range(5):
            path, before = tmp_path / f"{number}.backup", sum(len(t.added) for t in threads)
            began = time.monotonic()
            run(busy, "backup", path)
            backups.append((path, began, time.monotonic()))
            until(
                lambda before=before: sum(len(t.added) for t in threads) > before + 20,
                "the writers continue after the backup")

    confirmed = sorted(
        (one for thread in threads for one in thread.added), key=lambda one: one.number)
    # Transactions assign ids one after another, so ids without a gap show the order of commits.
    assert [one.number for one in confirmed] == list(range(3, 3 + len(confirmed)))
    for path, began, ended in backups:
        kept = content(path)["people"]
        numbers = {row[0] for row in kept}
        assert numbers == set(range(1, len(numbers) + 1)), "ids in a backup must not have a gap"
        assert {row[1:] for row in kept if row[0] > 2} == {
            one.names for one in confirmed if one.number in numbers}
        assert {one.number for one in confirmed if one.confirmed < began} <= numbers
        assert not {one.number for one in confirmed if one.sent > ended} & numbers
        assert any(one.number not in numbers for one in confirmed), "the writers must not wait"

        with stopped(elsewhere) as database:
            run(elsewhere, "restore", path)
            restored, backup = content(database), content(path)
        for table in backup.keys() - {"sessions", "sessions_count", "events", "sqlite_sequence"}:
            assert restored[table] == backup[table], table
        assert set(backup["events"]) <= set(restored["events"])

    client = elsewhere.client()
    pair = client.log_in("john@example.com", "John@123")
    listed = client.request("GET", "/api/people", pair.bearer).json
    rows = [(one["id"], one["firstName"], one["lastName"]) for one in listed]
    assert rows == sorted(content(backups[-1][0])["people"])


def test_a_backup_describes_its_content_and_can_be_verified(
    fresh: Site, client: Client, tmp_path: Path
) -> None:
    client.log_in("john@example.com", "John@123")
    path = tmp_path / "gatehouse.backup"

    said = run(fresh, "backup", path)

    about = manifest(path)
    assert (about["accounts"], about["sessions"], about["people"]) == (3, 1, 2)
    assert about["version"] == fresh.database.execute("PRAGMA user_version")[0][0]
    assert about["made"] in said and "accounts 3, sessions 1, people 2" in said
    assert run(fresh, "backup", "--verify", path).startswith(f"{path} is valid")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]
    # The manual describes this check, which does not need Gatehouse.
    head = subprocess.check_output(["head", "-c", "-67", path])
    assert hashlib.sha256(head).hexdigest() == about["sha256"]
    # The secret must not be in the backup.
    assert fresh.secret.encode() not in path.read_bytes()
    # sqlite3 can read the backup without any other file.
    assert content(path)["accounts"] == fresh.database.dump()["accounts"]


def test_a_backup_overwrites_a_file_only_with_force(fresh: Site, tmp_path: Path) -> None:
    path = tmp_path / "gatehouse.backup"
    run(fresh, "backup", path)
    first = path.read_bytes()

    assert "--force" in refusal(fresh, "backup", path)
    assert path.read_bytes() == first
    run(fresh, "backup", "--force", path)
    assert path.read_bytes() != first
    run(fresh, "backup", "--verify", path)


def test_a_backup_overwrites_no_database_and_no_special_file(fresh: Site, tmp_path: Path) -> None:
    link, pipe = tmp_path / "link", tmp_path / "pipe"
    link.symlink_to(tmp_path / "elsewhere")
    os.mkfifo(pipe)
    database = fresh.backend.database_path

    assert "the database itself" in refusal(fresh, "backup", "--force", database)
    assert "the database itself" in refusal(fresh, "backup", "--force", f"{database}-wal")
    for path in [link, pipe, tmp_path]:
        assert "is not a regular file" in refusal(fresh, "backup", "--force", path)
    assert "its folder does not exist" in refusal(fresh, "backup", tmp_path / "missing" / "backup")
    assert sorted(tmp_path.iterdir()) == [link, pipe]
    assert fresh.database.integrity() == []
