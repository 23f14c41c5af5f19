"""A disk fails under a running server, which uses it again once it is repaired and mounted.

A file system error persists until the file system is unmounted and checked. It can be unmounted
only if the server has none of its files open.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from harness import disks
from harness.database import Database
from harness.polling import until
from harness.site import Site
from test_trouble import ask, check_kept, errors, scribes, site_on, total

CLOSED = "the disk refuses writes to the database; requests fail until it accepts them"
OPEN = "notice: the database is open; requests are served again\n"


@pytest.fixture
def image(tmp_path: Path) -> Path:
    return tmp_path / "image"


@pytest.fixture
def site(site_for: Callable[..., Site], tmp_path: Path, image: Path) -> Iterator[Site]:
    """A site whose database is on a disk that no other program uses."""
    with disks.in_file(tmp_path / "disk", image) as disk, site_on(site_for, disk) as site:
        site.database.close()
        yield site


def aborted(disk: Path) -> None:
    disks.remount(disk, "abort")


def files_open_below(site: Site, disk: Path) -> list[str]:
    names = []
    for entry in Path(f"/proc/{site.backend.process.pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed in the meantime
            names.append(str(entry.readlink()))
    return [name for name in names if name.startswith(str(disk))]


@pytest.mark.parametrize("trouble", [disks.fail, aborted])
def test_a_disk_repaired_while_the_server_runs_is_used_again(
    trouble: Callable[[Path], None], site: Site, image: Path
) -> None:
    disk = site.backend.database_path.parent
    process = site.backend.process.pid
    pair = site.client().log_in("admin@example.com", "Admin@123")
    with scribes(site, pair) as crew:
        until(lambda: total(crew, 201) > 20, "people are added")
        before = len(site.backend.log())
        assert files_open_below(site, disk)
        trouble(disk)
        until(lambda: total(crew, 500) > 20, "requests to add people fail")

        # Every request gets a response in the contract's format, and the cause is logged once.
        assert ask(site, "/health", pair).status == 200
        assert ask(site, "/health/ready", pair).status == 503
        for path in "/api/auth/me", "/api/people/1":
            answer = ask(site, path, pair)
            assert (answer.status, answer.json["statusCode"]) == (500, 500)
        told = [line for line in errors(site.backend.log()[before:]) if CLOSED in line]
        assert len(told) == 1 and "Read-only file system" in told[0], told
        assert OPEN not in site.backend.log()[before:]

        # The server retries now and then. Between retries it has no file open, so umount works.
        until(lambda: not files_open_below(site, disk), "no file is open")
        until(lambda: is_unmounted(disk), "the disk is unmounted")
        failed = total(crew, 500)
        until(lambda: total(crew, 500) > failed + 20, "requests fail without the disk")
        assert list(disk.iterdir()) == [], "a new database would accept writes for the real one"
        disks.repair_and_mount(disk, image)

        last = total(crew, 201)
        until(lambda: total(crew, 201) > last + 20, "people are added again")
        assert site.backend.log()[before:].count(OPEN) == 1
    assert ask(site, "/health/ready", pair).status == 200
    assert ask(site, "/api/people/1", pair).status == 200
    assert [odd for scribe in crew for odd in scribe.odd] == []
    print([dict(scribe.statuses) for scribe in crew])

    # One line for each cause, regardless of the number of retries, and one for each failed
    # request.
    said = errors(site.backend.log()[before:])
    unopened = [line for line in said if "the database cannot be opened" in line]
    assert len(unopened) <= 3 and len(set(unopened)) == len(unopened), unopened
    assert sum(CLOSED in line for line in said) == 1
    known = re.compile(f"{CLOSED}|the database cannot be opened|request failed|not ready")
    assert all(known.search(line) for line in said), said[:5]
    assert site.backend.is_running and site.backend.process.pid == process
    site.database = Database(site.backend.database_path)
    check_kept(site, crew)


def is_unmounted(disk: Path) -> bool:
    try:
        disks.unmount(disk)
    except AssertionError as error:
        assert "busy" in str(error)
        return False
    return True
