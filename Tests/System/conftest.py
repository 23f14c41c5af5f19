"""Fixtures of the tests on booted machines. Run them with `make test-system`.

The tests need root, debootstrap and systemd-nspawn. They download Debian's packages once.

GATEHOUSE_PACKAGE    the package to test; default: the newest in .build/deb
GATEHOUSE_TEST_FULL  includes downloading the packages in the measured time of the installation
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
    """Returns a function that creates a machine of a Debian suite. Boot only one at a time."""
    def make(suite: str) -> Machine:
        return Machine(image(suite, package()), RUN / f"{suite}-console.log")
    return make


@pytest.fixture(scope="module")
def machine(boot: Callable[[str], Machine]) -> Iterator[Machine]:
    """A new Debian 12, booted for this module."""
    with boot("bookworm") as machine:
        yield machine


@pytest.fixture(scope="module")
def site(machine: Machine, authority: Authority) -> Installation:
    """The package installed on the machine, by the steps that the package prints."""
    site = Installation(machine, package(), authority)
    site.install()
    return site
