"""Paths of the database that lead through symbolic links, and users who may not read it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.backend import Backend
from harness.backups import refusal
from harness.site import Site

OTHER_USER = 65534
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="changes owners and users as root")


@pytest.fixture
def linked(fresh: Site, tmp_path: Path) -> Iterator[Path]:
    """A link to the database of the running server, in a folder of its own."""
    link = tmp_path / "linked.db"
    link.symlink_to(fresh.backend.database_path)
    yield link


def test_the_doctor_reads_a_linked_database_with_its_log(fresh: Site, linked: Path) -> None:
    log = fresh.backend.database_path.with_name("gatehouse.db-wal")
    assert log.stat().st_size > 0, "the accounts are in the log"

    said = fresh.backend.command("doctor", settings={"GATEHOUSE_DATABASE": str(linked)}).stdout

    assert "administrator-missing" not in said, said
    assert not linked.with_name("linked.db-wal").exists()


@pytest.mark.parametrize("suffix", ["", "-wal", "-shm", "-journal"])
def test_a_backup_never_gets_the_name_of_a_file_of_a_linked_database(
        suffix: str, fresh: Site, linked: Path) -> None:
    target = Path(f"{fresh.backend.database_path}{suffix}")
    before = fresh.database.dump()
    fresh.backend.environment["GATEHOUSE_DATABASE"] = str(linked)
    try:
        error = refusal(fresh, "backup", "--force", target)
    finally:
        fresh.backend.environment["GATEHOUSE_DATABASE"] = str(fresh.backend.database_path)

    assert "is the database itself; name another file" in error
    assert fresh.database.dump() == before and fresh.database.integrity() == []


def test_a_link_to_a_database_that_does_not_exist_yet_makes_it_there(tmp_path: Path) -> None:
    backend = Backend(tmp_path)
    (tmp_path / "data").mkdir()
    backend.database_path.symlink_to("data/real.db")

    done = backend.command("user", "add", "john@example.com", stdin="John@1234")

    assert done.returncode == 0, done
    assert (tmp_path / "data" / "real.db").exists() and backend.database_path.is_symlink()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("gatehouse.db")] == [
        "gatehouse.db"]


@as_root
@pytest.mark.parametrize("command", [
    ("user", "list"), ("user", "add", "a@example.com"), ("backup", "copy"), ("restore", "copy"),
    ("why", "a@example.com")], ids=" ".join)
@pytest.mark.parametrize("suffix", ["", "-wal", "-journal"])
def test_a_command_of_root_follows_no_link_of_another_user(
        suffix: str, command: tuple[str, ...], tmp_path: Path) -> None:
    backend = Backend(tmp_path)
    target = tmp_path / "target"
    if suffix:
        assert backend.command("person", "add", "A", "B").returncode == 0
    else:
        target.touch()
    link = Path(f"{backend.database_path}{suffix}")
    link.symlink_to(target)
    os.lchown(link, OTHER_USER, OTHER_USER)
    (tmp_path / "copy.backup").touch()

    done = backend.command(*command, stdin="John@1234")

    assert done.returncode == 1 and done.stdout == "", done
    expected = "is not a complete Gatehouse backup" if command[0] == "restore" else "symbolic link"
    assert "symbolic link" in done.stderr or expected in done.stderr, done
    assert not target.exists() or target.stat().st_size == 0


@as_root
@pytest.mark.parametrize("command", [
    ("user", "list"), ("user", "add", "a@example.com"), ("person", "add", "A", "B"),
    ("events",), ("backup", "/tmp/never"), ("why", "a@example.com"),
    ("import", "--people", "-", "--format", "csv")], ids=" ".join)
def test_a_user_who_may_not_read_the_database_is_told_to_use_sudo(
        command: tuple[str, ...], fresh: Site) -> None:
    user = Backend(
        fresh.directory, {"GATEHOUSE_DATABASE": str(fresh.backend.database_path)},
        launcher=("setpriv", f"--reuid={OTHER_USER}", f"--regid={OTHER_USER}", "--clear-groups"))
    done = user.command(*command, stdin="id,firstName,lastName\n900,Ada,Lovelace\n")

    assert done.returncode == 1 and "run the command with sudo" in done.stderr, done
    assert "there is no database" not in done.stderr and done.stderr.count("\n") == 1
