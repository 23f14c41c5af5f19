"""Defects of an installation: each is planted, found by a check of the doctor, and undone."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from .installed_site import InstalledSite


@dataclass(frozen=True)
class Plan:
    """The settings and arguments with which the doctor is run for a defect."""

    settings: dict[str, str | None] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()
    trusts: bool = True


@dataclass(frozen=True)
class Defect:
    """A defect, the check that must report it, and other checks that may report it too."""

    check: str
    severity: str
    consequences: frozenset[str]
    plant: Callable[[InstalledSite], Iterator[Plan | None]]

    @property
    def planted(self):
        return contextmanager(self.plant)


DEFECTS: dict[str, Defect] = {}


def defect(check: str, severity: str = "error", follows: str = ""):
    """Adds a defect to the table, under the name of the function that plants it."""
    def add(plant: Callable[[InstalledSite], Iterator[Plan | None]]) -> None:
        DEFECTS[plant.__name__] = Defect(check, severity, frozenset(follows.split()), plant)
    return add


@contextmanager
def mode(path: Path, mode: int) -> Iterator[None]:
    before = path.stat().st_mode & 0o7777
    path.chmod(mode)
    try:
        yield
    finally:
        path.chmod(before)


@contextmanager
def contents(path: Path, text: str) -> Iterator[None]:
    before = path.read_bytes()
    path.write_text(text)
    try:
        yield
    finally:
        path.write_bytes(before)


@contextmanager
def moved(path: Path) -> Iterator[None]:
    aside = path.with_name(path.name + ".aside")
    path.rename(aside)
    try:
        yield
    finally:
        aside.rename(path)
