"""Full disks: no partial backup, and no partial restore."""

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
    """Runs a command with a limit on file sizes, which has the effect of a full disk."""

    def limit() -> None:
        # Unless ignored, the signal ends the process before the write returns its error.
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return subprocess.run(
        [binary(), *map(str, arguments)], env=site.backend.environment, capture_output=True,
        text=True, timeout=30, preexec_fn=limit, restore_signals=False)


def test_a_backup_on_a_full_disk_leaves_no_file(fresh: Site, tmp_path: Path) -> None:
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
    """Mounts a file system of the given size; skips the test if that is not possible."""
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


def test_a_restore_on_a_full_disk_changes_nothing(fresh: Site, tmp_path: Path) -> None:
    """The disk may fill at any step: copy, migration, backup of the old database, replacement."""
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
