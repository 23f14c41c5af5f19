"""Backups as files, and the database of a site while no server runs on it."""

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
    """The path of the site's database while nobody has it open."""
    site.database.close()
    site.backend.stop()
    try:
        yield site.backend.database_path
    finally:
        site.backend.start()
        site.database = Database(site.backend.database_path)


def run(site: Site, *arguments: str | Path) -> str:
    """What a command says; fails unless it exits with 0 and complains of nothing."""
    done = site.backend.command(*map(str, arguments))
    assert (done.returncode, done.stderr) == (0, ""), done
    return done.stdout


def refusal(site: Site, *arguments: str | Path) -> str:
    """The complaint, in one line, of a command that exits with 1."""
    done = site.backend.command(*map(str, arguments))
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1), done
    return done.stderr


def manifest(path: Path) -> dict:
    """A backup's last line."""
    return json.loads(path.read_bytes().splitlines()[-1])


def forge(path: Path, database: bytes, **claims: object) -> Path:
    """Writes bytes with a manifest that fits them, as only our own program should."""
    said = {
        "kind": "gatehouse backup", "format": 1, "made": "2026-11-24T12:00:00.000Z",
        "gatehouse": "1.0.0", "version": 3, "accounts": 0, "sessions": 0, "people": 0,
        "bytes": len(database)} | claims
    sealed = database + b"\n" + json.dumps(said)[:-1].encode() + b', "sha256": "'
    path.write_bytes(sealed + hashlib.sha256(sealed).hexdigest().encode() + b'"}\n')
    return path


def content(path: Path) -> Dump:
    """Every row of a database that no server has open, or of a backup."""
    with closing(sqlite3.connect(f"file:{path}?immutable=1", uri=True)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {
            name: sorted(connection.execute(f'SELECT * FROM "{name}"'), key=repr)
            for (name,) in sorted(tables)}


def people(path: Path) -> list[tuple]:
    """The directory of a database, whoever has left it how; SQLite puts it in order first."""
    database = Database(path)
    try:
        assert database.integrity() == []
        return database.execute("SELECT * FROM people ORDER BY id")
    finally:
        database.close()
