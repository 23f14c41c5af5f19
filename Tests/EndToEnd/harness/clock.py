"""The system's clock as one process sees it: libfaketime sets it (faketime(1))."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from .site import Site

# libfaketime puts a variable into the environment of the first process, in whose place Swift then
# finds no arguments. So the first one is a shell.
LAUNCHER = ("sh", "-c", 'exec "$0" "$@"')


class FakeClock:
    """Steps the wall clock of processes that are started with its settings.

    Clocks that nobody can set (CLOCK_MONOTONIC, CLOCK_BOOTTIME) stay what they are.
    """

    def __init__(self, file: Path):
        self.file = file
        self.ahead = 0
        self.set(0)

    @property
    def settings(self) -> dict[str, str]:
        library, *_ = Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")
        return {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    def set(self, ahead: int) -> None:
        """Sets the clock so many seconds ahead of the real one; negative: behind."""
        self.ahead = ahead
        # It is read at any time: never half of it.
        new = self.file.with_suffix(".new")
        new.write_text(f"{ahead:+}\n")
        new.rename(self.file)

    def step(self, seconds: int) -> None:
        self.set(self.ahead + seconds)


@contextmanager
def clocked(
    site_for: Callable[..., Site], name: str, settings: dict[str, str], directory: Path
) -> Iterator[tuple[Site, FakeClock]]:
    """A site whose server has a clock that can be set, kept in the directory."""
    clock = FakeClock(directory / "clock")
    site = site_for(name, settings | clock.settings, launcher=LAUNCHER)
    try:
        with site:
            yield site, clock
    finally:
        # The shell has made it, and is gone.
        for shared in Path("/dev/shm").glob(f"*faketime_*_{site.backend.process.pid}"):
            shared.unlink()
