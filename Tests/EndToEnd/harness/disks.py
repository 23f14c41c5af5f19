"""Small disks for a single test, which can be filled, made read-only or made to fail.

They need mount(8) and root.
"""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def _run(*command: str | Path) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@contextmanager
def _mounted(directory: Path, *arguments: str | Path) -> Iterator[Path]:
    directory.mkdir()
    done = subprocess.run(["mount", *arguments, directory], capture_output=True, text=True)
    if done.returncode != 0:
        pytest.skip(f"no disk can be mounted here: {done.stderr.strip()}")
    try:
        yield directory
    finally:
        _run("umount", directory)


def in_memory(directory: Path, size: str = "8m"):
    """Mounts a disk of the given size for the duration of a `with`."""
    return _mounted(directory, "-t", "tmpfs", "-o", f"size={size}", "gatehouse")


def in_file(directory: Path, image: Path):
    """Mounts an image for the duration of a `with`; creates the image if needed, and keeps it."""
    if not image.exists():
        with image.open("wb") as file:
            file.truncate(24 * 1024 * 1024)
        _run("mkfs.ext4", "-q", image)
    return _mounted(directory, "-o", "loop,errors=remount-ro", image)


def remount(directory: Path, how: str) -> None:
    """Remounts a disk with an option.

    The option is `ro`, which fails if a process has a file open for writing; `rw`; or `abort`,
    which acts like a write error.
    """
    _run("mount", "-o", f"remount,{how}", directory)


def fail(directory: Path) -> None:
    """Causes a file system error, on which the kernel makes the disk read-only, even if in use."""
    device = Path(_source(directory)).name
    try:
        Path(f"/sys/fs/ext4/{device}/trigger_fs_error").write_text("an error that a test has made")
    except OSError as error:
        pytest.skip(f"no error can be made in a file system here: {error}")


def unmount(directory: Path) -> None:
    """Unmounts a disk as an administrator does; fails while a process has one of its files open."""
    _run("umount", directory)


def repair_and_mount(directory: Path, image: Path) -> None:
    done = subprocess.run(["e2fsck", "-fy", image], capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stdout + done.stderr  # 1: errors were corrected
    _run("mount", "-o", "loop,errors=remount-ro", image, directory)


def _source(directory: Path) -> str:
    done = subprocess.run(
        ["findmnt", "--noheadings", "--output", "SOURCE", "--mountpoint", directory],
        capture_output=True, text=True, check=True)
    return done.stdout.strip()


@contextmanager
def filled(directory: Path) -> Iterator[None]:
    """Fills the disk for the duration of a `with`."""
    ballast = directory / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)):
                pass
        except OSError:
            pass
    try:
        yield
    finally:
        ballast.unlink()
