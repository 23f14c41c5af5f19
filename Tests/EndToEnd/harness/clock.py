"""The system clock as one process sees it, set with libfaketime (faketime(1))."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from .site import Site

# libfaketime adds a variable to the environment of the first process. Swift then does not find the
# command-line arguments in their place, so the first process is a shell.
LAUNCHER = ("sh", "-c", 'exec "$0" "$@"')


class FakeClock:
    """A wall clock that can be stepped, for processes that are started with its settings.

    Clocks that cannot be set (CLOCK_MONOTONIC, CLOCK_BOOTTIME) are not changed.
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
        """Sets the clock `ahead` seconds ahead of the real one, or behind it if negative."""
        self.ahead = ahead
        # The file can be read at any time, so it is replaced as a whole.
        new = self.file.with_suffix(".new")
        new.write_text(f"{ahead:+}\n")
        new.rename(self.file)

    def step(self, seconds: int) -> None:
        self.set(self.ahead + seconds)


@contextmanager
def clocked(
    site_for: Callable[..., Site], name: str, settings: dict[str, str], directory: Path
) -> Iterator[tuple[Site, FakeClock]]:
    """A site whose server has a clock that can be set; the directory contains its file."""
    clock = FakeClock(directory / "clock")
    site = site_for(name, settings | clock.settings, launcher=LAUNCHER)
    try:
        with site:
            yield site, clock
    finally:
        # The shell created these files and no longer exists to remove them.
        for shared in Path("/dev/shm").glob(f"*faketime_*_{site.backend.process.pid}"):
            shared.unlink()
