"""Helpers for backup files, and for a site's database while the server is stopped."""

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from .database import Database, Dump
from .site import Site


@contextmanager
def stopped(site: Site) -> Iterator[Path]:
    """Stops the server and yields the path of its database, which no process has open."""
    site.database.close()
    site.backend.stop()
    try:
        yield site.backend.database_path
    finally:
        site.backend.start()
        site.database = Database(site.backend.database_path)


def run(site: Site, *arguments: str | Path) -> str:
    """Runs a command and returns its output; fails unless it exits with 0 and reports no error."""
    done = site.backend.command(*map(str, arguments))
    assert (done.returncode, done.stderr) == (0, ""), done
    return done.stdout


def refusal(site: Site, *arguments: str | Path) -> str:
    """Runs a command that must exit with 1, and returns its error of one line."""
    done = site.backend.command(*map(str, arguments))
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1), done
    return done.stderr


def manifest(path: Path) -> dict:
    """Returns a backup's manifest, which is its last line."""
    return json.loads(path.read_bytes().splitlines()[-1])


def forge(path: Path, database: bytes, **claims: object) -> Path:
    """Writes any bytes with a valid manifest, as only Gatehouse should."""
    fields = {
        "kind": "gatehouse backup", "format": 1, "made": "2026-11-24T12:00:00.000Z",
        "gatehouse": "1.0.0", "version": 3, "accounts": 0, "sessions": 0, "people": 0,
        "bytes": len(database)} | claims
    sealed = database + b"\n" + json.dumps(fields)[:-1].encode() + b', "sha256": "'
    path.write_bytes(sealed + hashlib.sha256(sealed).hexdigest().encode() + b'"}\n')
    return path


def content(path: Path) -> Dump:
    """Returns every row of a backup, or of a database that no server has open."""
    with closing(sqlite3.connect(f"file:{path}?immutable=1", uri=True)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {
            name: sorted(connection.execute(f'SELECT * FROM "{name}"'), key=repr)
            for (name,) in sorted(tables)}


def people(path: Path) -> list[tuple]:
    """Returns the people in a database; SQLite recovers it first if a process was killed."""
    database = Database(path)
    try:
        assert database.integrity() == []
        return database.execute("SELECT * FROM people ORDER BY id")
    finally:
        database.close()


def kept_of(database: Path) -> list[Path]:
    """Returns the backups made by restores, including partial ones of killed restores."""
    return list(database.parent.glob(f"{database.name}.before-*"))


# The schema of the first version, with one account, one session and one person.
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
