"""Backups: made beside a running server, whole, and refused when they are not."""

import os
import signal
import sqlite3
import stat
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from harness import scale
from harness.backend import binary
from harness.backups import content, forge, manifest, people, refusal, run, stopped
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
    """A person whom an answer has promised: when it was asked for, and when promised."""

    number: int
    names: tuple[str, str]
    asked: float
    promised: float


@dataclass
class Adding(threading.Thread):
    """Adds one person after the other until told to stop."""

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
            asked = time.monotonic()
            answer = self.client.send_json(
                "POST", "/api/people", {"firstName": names[0], "lastName": names[1]},
                self.pair.bearer)
            if answer.status != 201:
                self.failure = f"{answer.status} {answer.body!r}"
                return
            self.added.append(Added(answer.json["id"], names, asked, time.monotonic()))


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


def test_a_backup_under_load_is_one_moment_and_restored_elsewhere_is_the_same(
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
                "the writers go on")

    promised = sorted(
        (one for thread in threads for one in thread.added), key=lambda one: one.number)
    # One transaction after the other gives out the numbers: without a gap they are their order.
    assert [one.number for one in promised] == list(range(3, 3 + len(promised)))
    for path, began, ended in backups:
        kept = content(path)["people"]
        numbers = {row[0] for row in kept}
        assert numbers == set(range(1, len(numbers) + 1)), "a gap"
        assert {row[1:] for row in kept if row[0] > 2} == {
            one.names for one in promised if one.number in numbers}
        assert {one.number for one in promised if one.promised < began} <= numbers
        assert not {one.number for one in promised if one.asked > ended} & numbers
        assert any(one.number not in numbers for one in promised), "the last was not awaited"

        with stopped(elsewhere) as database:
            run(elsewhere, "restore", path)
            restored, backup = content(database), content(path)
        for table in backup.keys() - {"sessions", "events", "sqlite_sequence"}:
            assert restored[table] == backup[table], table
        assert set(backup["events"]) <= set(restored["events"])

    client = elsewhere.client()
    pair = client.log_in("john@example.com", "John@123")
    listed = client.request("GET", "/api/people", pair.bearer).json
    assert [(one["id"], one["firstName"], one["lastName"]) for one in listed] == people(backups[-1][0])


def test_a_backup_says_what_it_is_and_proves_it(fresh: Site, client: Client, tmp_path: Path) -> None:
    client.log_in("john@example.com", "John@123")
    path = tmp_path / "gatehouse.backup"

    said = run(fresh, "backup", path)

    about = manifest(path)
    assert (about["accounts"], about["sessions"], about["people"]) == (3, 1, 2)
    assert about["version"] == fresh.database.execute("PRAGMA user_version")[0][0]
    assert about["made"] in said and "accounts 3, sessions 1, people 2" in said
    assert run(fresh, "backup", "--verify", path).startswith(f"{path} is whole and sound")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]
    # The secret is to be kept apart.
    assert fresh.secret.encode() not in path.read_bytes()
    # One file, which sqlite3 reads without another beside it.
    assert content(path)["accounts"] == fresh.database.dump()["accounts"]


def test_a_backup_replaces_nothing_unless_told_to(fresh: Site, tmp_path: Path) -> None:
    path = tmp_path / "gatehouse.backup"
    run(fresh, "backup", path)
    first = path.read_bytes()

    assert "--force" in refusal(fresh, "backup", path)
    assert path.read_bytes() == first
    run(fresh, "backup", "--force", path)
    assert path.read_bytes() != first
    run(fresh, "backup", "--verify", path)


def test_a_backup_replaces_no_database_and_no_device(fresh: Site, tmp_path: Path) -> None:
    link, pipe = tmp_path / "link", tmp_path / "pipe"
    link.symlink_to(tmp_path / "elsewhere")
    os.mkfifo(pipe)
    database = fresh.backend.database_path

    assert "the database itself" in refusal(fresh, "backup", "--force", database)
    assert "the database itself" in refusal(fresh, "backup", "--force", f"{database}-wal")
    for path in [link, pipe, tmp_path]:
        assert "is no file" in refusal(fresh, "backup", "--force", path)
    assert "No such file" in refusal(fresh, "backup", tmp_path / "missing" / "backup")
    assert sorted(tmp_path.iterdir()) == [link, pipe]
    assert fresh.database.integrity() == []


def test_what_is_no_whole_backup_is_not_verified(fresh: Site, damaged: Path) -> None:
    assert str(damaged) in refusal(fresh, "backup", "--verify", damaged)


DAMAGES = [
    "cut in half", "without its last byte", "without its manifest", "a byte of the database",
    "a byte of the manifest", "more behind it", "text", "empty", "a folder", "missing",
    "another program's database", "another program's with a manifest", "text with a manifest",
    "a newer version", "another count", "a bare copy"]


@pytest.fixture(params=DAMAGES)
def damaged(request: pytest.FixtureRequest, fresh: Site, tmp_path: Path) -> Path:
    """What is not what `gatehouse backup` has made, in one way or another."""
    path, sound = tmp_path / "damaged.backup", tmp_path / "sound.backup"
    run(fresh, "backup", sound)
    whole, size = sound.read_bytes(), manifest(sound)["bytes"]
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as connection:
        connection.executescript("CREATE TABLE users (id INTEGER PRIMARY KEY)")

    def flipped(place: int) -> bytes:
        return whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1:]

    match request.param:
        case "cut in half": path.write_bytes(whole[:len(whole) // 2])
        case "without its last byte": path.write_bytes(whole[:-1])
        case "without its manifest" | "a bare copy": path.write_bytes(whole[:size])
        case "a byte of the database": path.write_bytes(flipped(size // 2))
        case "a byte of the manifest": path.write_bytes(flipped(size + 60))
        case "more behind it": path.write_bytes(whole + b"\n")
        case "text": path.write_text("no backup\n" * 1000)
        case "empty": path.touch()
        case "a folder": path.mkdir()
        case "missing": pass
        case "another program's database": path.write_bytes(other.read_bytes())
        case "another program's with a manifest": forge(path, other.read_bytes(), version=0)
        case "text with a manifest": forge(path, b"no database" * 1000)
        case "a newer version":
            database = whole[:60] + (99).to_bytes(4) + whole[64:size]
            forge(path, database, version=99)
        case "another count": forge(path, whole[:size], accounts=4)
    return path


def test_what_is_no_whole_backup_is_not_restored_and_nothing_changes(
    fresh: Site, damaged: Path
) -> None:
    with stopped(fresh) as database:
        before, names = database.read_bytes(), sorted(database.parent.iterdir())

        assert str(damaged) in refusal(fresh, "restore", damaged)

        assert (database.read_bytes(), sorted(database.parent.iterdir())) == (before, names)


def test_a_backup_of_an_older_version_is_made_as_it_is(fresh: Site, tmp_path: Path) -> None:
    """What an upgrade begins with: the new program, and the database that it has not seen."""
    path, made = tmp_path / "old.db", tmp_path / "old.backup"
    make_first_version(path)
    before = path.read_bytes()

    done = fresh.backend.command(
        "backup", str(made), settings={"GATEHOUSE_DATABASE": str(path)})

    assert done.returncode == 0, done
    assert manifest(made)["version"] == 1
    assert path.read_bytes() == before


def test_a_backup_of_an_older_version_is_brought_to_this_one(
    fresh: Site, tmp_path: Path
) -> None:
    path, made = tmp_path / "old.db", tmp_path / "old.backup"
    make_first_version(path)
    fresh.backend.command("backup", str(made), settings={"GATEHOUSE_DATABASE": str(path)})

    with stopped(fresh):
        run(fresh, "restore", made)

    client = fresh.client()
    pair = client.log_in("john@example.com", "John@123")
    assert client.request("GET", "/api/people?limit=1", pair.bearer).json == [
        {"id": 5, "firstName": "Ada", "lastName": "Lovelace"}]


def test_a_backup_takes_a_database_back_that_a_newer_program_has_changed(
    fresh: Site, tmp_path: Path
) -> None:
    """The way back from an upgrade: the old program, and the backup from before."""
    run(fresh, "backup", tmp_path / "backup")
    (known,) = fresh.database.execute("PRAGMA user_version")[0]
    with stopped(fresh) as database:
        with closing(sqlite3.connect(database)) as newer:
            newer.executescript(f"CREATE TABLE more (x); PRAGMA user_version = {known + 1}")
        assert "made by a newer" in refusal(fresh, "user", "list")

        run(fresh, "restore", tmp_path / "backup")

        assert "more" not in content(database)
    assert fresh.database.execute("PRAGMA user_version") == [(known,)]
    fresh.client().log_in("john@example.com", "John@123")


# The tables as the first version made them, and John.
FIRST_VERSION = """
    CREATE TABLE accounts (
        id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT NOT NULL COLLATE NOCASE UNIQUE,
        password_hash TEXT NOT NULL, role TEXT NOT NULL, is_disabled INTEGER NOT NULL,
        created_at INTEGER NOT NULL) STRICT;
    CREATE TABLE sessions (
        id INTEGER PRIMARY KEY CHECK (id > 0),
        account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
        started_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, generation INTEGER NOT NULL,
        rotated_at INTEGER NOT NULL, ended_at INTEGER) STRICT;
    CREATE INDEX sessions_by_account ON sessions (account_id);
    CREATE INDEX sessions_by_expiry ON sessions (expires_at);
    CREATE TABLE people (
        id INTEGER PRIMARY KEY AUTOINCREMENT, first_name TEXT NOT NULL,
        last_name TEXT NOT NULL) STRICT;
    INSERT INTO accounts VALUES (1, 'john@example.com',
        '$2b$04$.xTnSiE4.inEBrzxVkV4PuIJhz7IwhYQ1cAmjTW5EqgfOVTtc6ps6', 'user', 0, 50);
    INSERT INTO sessions VALUES (7, 1, 1000, 9000000000000, 0, 1000, NULL);
    INSERT INTO people VALUES (5, 'Ada', 'Lovelace');
    PRAGMA user_version = 1;
    """


def make_first_version(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(FIRST_VERSION)


def limited(site: Site, size: int, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """A command that may write no file longer than that, which looks like a full disk."""

    def limit() -> None:
        import resource
        # Else the signal ends the process, before the write can say that it failed.
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return subprocess.run(
        [binary(), *map(str, arguments)], env=site.backend.environment, capture_output=True,
        text=True, timeout=30, preexec_fn=limit, restore_signals=False)


def test_a_backup_that_finds_no_room_leaves_nothing(fresh: Site, tmp_path: Path) -> None:
    fresh.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    run(fresh, "backup", tmp_path / "whole")
    whole = (tmp_path / "whole").stat().st_size
    path = tmp_path / "backup"
    refusals = 0
    for size in [0, 5_000, whole // 2, whole - 300, whole - 1, whole]:
        done = limited(fresh, size, "backup", path)
        if done.returncode == 0:
            assert size == whole, done
            continue
        refusals += 1
        assert done.stderr.count("\n") == 1 and str(path) in done.stderr, done
        assert [one.name for one in tmp_path.iterdir()] == ["whole"]
    assert refusals == 5
    run(fresh, "backup", "--verify", path)


@contextmanager
def small_disk(at: Path, kilobytes: int) -> Iterator[Path]:
    """A file system of that size; skips the test where none can be mounted."""
    at.mkdir(exist_ok=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "gatehouse-test", at],
        capture_output=True, text=True)
    if mounted.returncode != 0:
        pytest.skip(f"no file system can be mounted: {mounted.stderr.strip()}")
    try:
        yield at
    finally:
        subprocess.run(["umount", at], check=True)


def test_a_restore_that_finds_no_room_changes_nothing(fresh: Site, tmp_path: Path) -> None:
    """At whatever step the disk is full: copy, migration, keeping the old, replacing it."""
    backup = tmp_path / "backup"
    for _ in range(500):
        fresh.database.execute("INSERT INTO people (first_name, last_name) VALUES ('New', 'One')")
    run(fresh, "backup", backup)
    make_first_version(tmp_path / "old.db")
    outcomes = []
    for kilobytes in range(100, 1500, scale.scaled(60, 4)):
        with small_disk(tmp_path / "disk", kilobytes) as disk:
            database = disk / "gatehouse.db"
            database.write_bytes((tmp_path / "old.db").read_bytes())
            before = content(database)
            done = fresh.backend.command(
                "restore", str(backup), settings={"GATEHOUSE_DATABASE": str(database)})
            outcomes.append(done.returncode)
            if done.returncode == 0:
                assert len(people(database)) == 502
                continue
            assert (done.returncode, done.stderr.count("\n")) == (1, 1), done
            assert [one.name for one in disk.iterdir()] == ["gatehouse.db"], done
            assert content(database) == before, done
    assert outcomes == sorted(outcomes, reverse=True) and set(outcomes) == {0, 1}
