"""Fresh Debian systems as folders, made once and kept: what a machine begins with."""

import os
import shutil
import subprocess
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]
IMAGES = REPOSITORY / ".build/system"
# A system that boots and can install packages over TLS, and no more.
_FIRST = "systemd-sysv,dbus,ca-certificates"
# What a test adds to the machine on its own behalf.
_ADDED = ["sqlite3"]
_SOURCES = """\
deb http://deb.debian.org/debian {suite} main
deb http://deb.debian.org/debian {suite}-updates main
deb http://deb.debian.org/debian-security {suite}-security main
"""


def image(suite: str, package: Path) -> Path:
    """A fresh system of that suite; what the package depends on is downloaded, not installed."""
    root = IMAGES / suite
    if not (root / "complete").exists():
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir(parents=True)
        subprocess.run(
            ["debootstrap", "--variant=minbase", f"--include={_FIRST}", suite, root],
            check=True, stdout=subprocess.DEVNULL)
        (root / "etc/apt/sources.list").write_text(_SOURCES.format(suite=suite))
        # apt empties its cache by itself where a container is made.
        (root / "etc/apt/apt.conf.d/99keep").write_text(
            'APT::Keep-Downloaded-Packages "true";\n')
        (root / "complete").touch()
    depends = subprocess.run(
        ["dpkg-deb", "-f", package, "Depends", "Recommends"], capture_output=True, text=True,
        check=True).stdout
    if (root / "complete").read_text() != depends:
        _download(root, package)
        (root / "complete").write_text(depends)
    return root


def _download(root: Path, package: Path) -> None:
    shutil.copy("/etc/resolv.conf", root / "etc/resolv.conf")
    shutil.copy(package, root / "root/gatehouse.deb")
    for command in (
        ["update", "-qq"],
        ["install", "-qq", "-y", "--download-only", "/root/gatehouse.deb", *_ADDED],
    ):
        subprocess.run(
            ["chroot", root, "apt-get", *command], check=True, stdout=subprocess.DEVNULL,
            env=os.environ | {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"})
    (root / "root/gatehouse.deb").unlink()
