"""A damaged or incomplete backup is refused with a one-line error, and nothing changes."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from harness.backups import forge, manifest, refusal, run, stopped
from harness.site import Site


def test_an_invalid_backup_fails_verification(fresh: Site, damaged: Path) -> None:
    assert str(damaged) in refusal(fresh, "backup", "--verify", damaged)


DAMAGES = [
    "cut in half", "without its last byte", "without its manifest", "a byte of the database",
    "a byte of the manifest", "more behind it", "text", "empty", "a folder", "missing",
    "another program's database", "another program's with a manifest", "text with a manifest",
    "a newer version", "another count", "a bare copy"]


@pytest.fixture(params=DAMAGES)
def damaged(request: pytest.FixtureRequest, fresh: Site, tmp_path: Path) -> Path:
    """A file that differs in one way from a valid backup."""
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
            forge(path, database, version=99, accounts=3, people=2)
        case "another count": forge(path, whole[:size], accounts=4)
    return path


def test_an_invalid_backup_is_not_restored_and_nothing_changes(
    fresh: Site, damaged: Path
) -> None:
    with stopped(fresh) as database:
        before, names = database.read_bytes(), sorted(database.parent.iterdir())

        assert str(damaged) in refusal(fresh, "restore", damaged)

        assert (database.read_bytes(), sorted(database.parent.iterdir())) == (before, names)
