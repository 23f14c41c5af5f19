"""Backups across upgrades and downgrades."""

import sqlite3
from contextlib import closing
from pathlib import Path

from harness.backups import content, make_first_version, manifest, refusal, run, stopped
from harness.site import Site


def test_backing_up_a_database_of_an_older_version_does_not_migrate_it(
    fresh: Site, tmp_path: Path
) -> None:
    """At the start of an upgrade, the new program backs up a database of the old version."""
    path, made = tmp_path / "old.db", tmp_path / "old.backup"
    make_first_version(path)
    before = path.read_bytes()

    done = fresh.backend.command(
        "backup", str(made), settings={"GATEHOUSE_DATABASE": str(path)})

    assert done.returncode == 0, done
    assert manifest(made)["version"] == 1
    assert path.read_bytes() == before


def test_restoring_a_backup_of_an_older_version_migrates_it(
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


def test_a_restore_replaces_a_database_that_a_newer_program_has_changed(
    fresh: Site, tmp_path: Path
) -> None:
    """A downgrade: the old program restores the backup that was made before the upgrade."""
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
