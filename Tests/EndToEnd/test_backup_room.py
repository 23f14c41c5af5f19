"""Full disks: no half of a backup, and no half of a restore."""

import resource
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from harness import scale
from harness.backend import binary
from harness.backups import content, make_first_version, people, run
from harness.site import Site


def limited(site: Site, size: int, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """A command that may write no file longer than that, which looks like a full disk."""

    def limit() -> None:
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
