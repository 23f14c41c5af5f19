"""What the tests on booted machines share.

They need root, debootstrap and systemd-nspawn, and fetch Debian's packages once: `make test-system`.

GATEHOUSE_PACKAGE    the package, else the newest in .build/deb
GATEHOUSE_TEST_FULL  as often as was promised, and the packages fetched while the clock runs
"""

import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "EndToEnd"))

from harness.certificates import Authority  # noqa: E402
from machines.image import image  # noqa: E402
from machines.installation import Installation  # noqa: E402
from machines.machine import Machine  # noqa: E402
from machines.package import package  # noqa: E402

RUN = Path(tempfile.mkdtemp(prefix="gatehouse-system-"))


@pytest.fixture(scope="session")
def authority() -> Authority:
    return Authority(RUN / "tls")


@pytest.fixture(scope="session")
def boot() -> Callable[[str], Machine]:
    """Makes machines of a suite; one at a time is booted."""
    def make(suite: str) -> Machine:
        return Machine(image(suite, package()), RUN / f"{suite}-console.log")
    return make


@pytest.fixture(scope="module")
def machine(boot: Callable[[str], Machine]) -> Iterator[Machine]:
    """A fresh Debian 12, booted for this module."""
    with boot("bookworm") as machine:
        yield machine


@pytest.fixture(scope="module")
def site(machine: Machine, authority: Authority) -> Installation:
    """The package installed on it, by the steps that it prints."""
    site = Installation(machine, package(), authority)
    site.install()
    return site
