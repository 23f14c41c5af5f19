"""The Debian package that is tested, and others like it of another version."""

import os
import subprocess
from pathlib import Path

from .image import REPOSITORY


def package() -> Path:
    """What GATEHOUSE_PACKAGE names, else the newest that `make deb` has built."""
    if named := os.environ.get("GATEHOUSE_PACKAGE"):
        return Path(named)
    built = sorted(
        (REPOSITORY / ".build/deb").glob("gatehouse_*.deb"), key=lambda file: file.stat().st_mtime)
    assert built, "no package: make deb"
    return built[-1]


def with_version(original: Path, version: str, directory: Path) -> Path:
    """The same package under another version, as the next release would be."""
    unpacked = directory / f"gatehouse-{version}"
    subprocess.run(["dpkg-deb", "-R", original, unpacked], check=True)
    control = unpacked / "DEBIAN/control"
    lines = control.read_text().splitlines()
    control.write_text("".join(
        f"Version: {version}\n" if line.startswith("Version:") else f"{line}\n"
        for line in lines))
    made = directory / f"gatehouse_{version}.deb"
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "-Znone", "-b", unpacked, made], check=True,
        stdout=subprocess.DEVNULL)
    return made
