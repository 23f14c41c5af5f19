"""A server that starts without a usable database keeps running, logs why once, and recovers.

If it exited, systemd would restart it ten times a second.
"""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from harness import disks
from harness.backend import binary
from harness.backups import content, run
from harness.client import Client, Tokens
from harness.database import Database
from harness.polling import until
from harness.site import Site

SENTENCE = "the database cannot be opened; requests fail until this is repaired"
CURE = (
    "stop gatehouse.socket and gatehouse.service, move the file and its -wal to another folder, "
    "restore a backup with `gatehouse restore`, and start both again")


@pytest.fixture
def site_on_disk(site_for, tmp_path: Path) -> Iterator[Site]:
    """A site whose database is on a small disk and not open in any other program."""
    with disks.in_memory(tmp_path / "disk") as disk:
        site: Site = site_for(tmp_path.name[-30:], {"JWT_EXPIRES_IN": "1h"})
        site.backend.database_path = disk / "gatehouse.db"
        site.backend.environment["GATEHOUSE_DATABASE"] = str(site.backend.database_path)
        with site:
            site.database.close()
            yield site


@contextmanager
def full(disk: Path) -> Iterator[None]:
    with disks.filled(disk):
        yield


@contextmanager
def read_only(disk: Path) -> Iterator[None]:
    disks.remount(disk, "ro")
    yield
    disks.remount(disk, "rw")


def test_without_proc_every_command_is_an_error(tmp_path: Path) -> None:
    bare = ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs none /proc && exec "$@"', "sh"]
    if subprocess.run([*bare, "true"], capture_output=True).returncode != 0:
        pytest.skip("this user may not mount")
    for arguments in (["serve"], ["check"], []):
        done = subprocess.run(
            [*bare, binary(), *arguments], capture_output=True, text=True, timeout=30)
        assert (done.returncode, done.stdout) == (1, ""), done
        assert done.stderr == "gatehouse: the command line cannot be read; mount /proc\n"


def status(client: Client, path: str, pair: Tokens) -> int:
    return client.request("GET", path, pair.bearer).status


def check_refused(site: Site, pair: Tokens, cause: str, log_from: int) -> None:
    """Checks that the server is alive but not ready, and has logged the cause once."""
    client = site.client()
    # A full disk is an exhausted resource: the client can try again.
    expected = 503 if cause == "No space left on device" else 500
    assert status(client, "/health", pair) == 200
    for _ in range(3):
        assert status(client, "/health/ready", pair) == 503
        for path in "/api/auth/me", "/api/people":
            answer = client.request("GET", path, pair.bearer)
            assert (answer.status, answer.json["statusCode"]) == (expected, expected)
        answer = client.send_json(
            "POST", "/api/auth/login", {"username": "john@example.com", "password": "John@123"})
        assert (answer.status, answer.json["statusCode"]) == (expected, expected)
    told = [
        line for line in site.backend.log()[log_from:].splitlines() if SENTENCE in line]
    assert len(told) == 1 and cause in told[0], told


@pytest.mark.parametrize(("trouble", "cause"), [
    (full, "No space left on device"), (read_only, "can only be read")],
    ids=["full", "read-only"])
def test_a_server_started_on_an_unusable_disk_recovers_with_the_disk(
    trouble: Callable[[Path], AbstractContextManager[None]], cause: str, site_on_disk: Site
) -> None:
    backend = site_on_disk.backend
    pair = site_on_disk.client().log_in("admin@example.com", "Admin@123")
    backend.stop()
    before = len(backend.log())
    with trouble(backend.database_path.parent):
        backend.start()
        process = backend.process.pid
        check_refused(site_on_disk, pair, cause, before)

    client = site_on_disk.client()
    until(lambda: status(client, "/api/auth/me", pair) == 200, "the server has opened the database")
    assert status(client, "/health/ready", pair) == 200
    assert backend.log()[before:].count("notice: the database is open; requests are served again\n") == 1
    assert backend.is_running and backend.process.pid == process


def damage(path: Path, first: int) -> None:
    """Overwrites a file with random bytes, from the offset `first` to its end."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(first)
        file.write(os.urandom(size - first))


def cure(site: Site, backup: Path) -> None:
    """Follows the instructions in the log."""
    path = site.backend.database_path
    for file in path, Path(f"{path}-wal"):
        if file.exists():
            file.rename(path.with_name(file.name.replace(path.stem, "damaged")))
    run(site, "restore", backup)


@pytest.mark.parametrize("first", [0, 100], ids=["all", "the tables"])
def test_a_damaged_database_is_reported_with_instructions_that_repair_it(
    first: int, site_on_disk: Site
) -> None:
    backend = site_on_disk.backend
    client = site_on_disk.client()
    backup = backend.directory / "backup"
    run(site_on_disk, "backup", backup)
    expected = content(backup)["accounts"]
    pair = client.log_in("admin@example.com", "Admin@123")
    backend.stop()
    damage(backend.database_path, first)
    before = len(backend.log())
    backend.start()

    check_refused(site_on_disk, pair, CURE, before)
    # A command does not wait for the database but fails at once.
    done = backend.command("user", "list")
    assert done.returncode == 1 and CURE in done.stderr and done.stderr.count("\n") == 1
    assert done.stdout == ""
    # SIGTERM still stops the server.
    assert backend.stop() == 0

    cure(site_on_disk, backup)
    backend.start()
    assert content(backend.database_path)["accounts"] == expected
    assert site_on_disk.client().log_in("admin@example.com", "Admin@123")


def test_damage_to_the_database_of_a_running_server_is_reported_once(site_on_disk: Site) -> None:
    backend = site_on_disk.backend
    client = site_on_disk.client()
    backup = backend.directory / "backup"
    pair = client.log_in("admin@example.com", "Admin@123")
    person = {"firstName": "Ada", "lastName": "Lovelace"}
    assert client.send_json("POST", "/api/people", person, pair.bearer).status == 201
    run(site_on_disk, "backup", backup)
    database = Database(backend.database_path)
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    before = len(backend.log())
    damage(backend.database_path, 4096)

    for _ in range(10):
        answer = client.request("GET", "/api/people", pair.bearer)
        assert (answer.status, answer.json["statusCode"]) == (500, 500)
        assert status(client, "/health", pair) == 200
    assert status(client, "/health/ready", pair) == 503
    said = backend.log()[before:]
    assert said.count("critical: the database is damaged; " + CURE) == 1
    # Each failed request has its own log line, with its id.
    assert said.count("error: request failed") == 10
    assert backend.is_running and backend.stop() == 0

    cure(site_on_disk, backup)
    backend.start()
    pair = site_on_disk.client().log_in("admin@example.com", "Admin@123")
    people = site_on_disk.client().request("GET", "/api/people", pair.bearer).json
    assert {"id": 3} | person in people
