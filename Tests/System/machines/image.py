"""Fresh Debian systems as folders, made once and kept: what a machine begins with."""

import os
import shutil
import subprocess
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]
IMAGES = REPOSITORY / ".build/system"
# A system that boots and can install packages over TLS, and no more.
_FIRST = "systemd-sysv,dbus,ca-certificates"
# What a test adds to the machine on its own behalf, so that it needs no network later.
_DOWNLOADED = ["nginx", "sqlite3"]
_SOURCES = """\
deb http://deb.debian.org/debian {suite} main
deb http://deb.debian.org/debian {suite}-updates main
deb http://deb.debian.org/debian-security {suite}-security main
"""


def image(suite: str, package: Path) -> Path:
    """A fresh system of that suite, with the downloads in its cache that the package asks for."""
    root = IMAGES / suite
    if not (root / "complete").exists():
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir(parents=True)
        subprocess.run(
            ["debootstrap", "--variant=minbase", f"--include={_FIRST}", suite, root],
            check=True, stdout=subprocess.DEVNULL)
        (root / "etc/apt/sources.list").write_text(_SOURCES.format(suite=suite))
        shutil.copy("/etc/resolv.conf", root / "etc/resolv.conf")
        _inside(root, "apt-get", "update", "-qq")
        shutil.copy(package, root / "root/gatehouse.deb")
        # apt empties its cache by itself where a container is made; keep what was fetched.
        (root / "etc/apt/apt.conf.d/99keep").write_text(
            'APT::Keep-Downloaded-Packages "true";\n')
        _inside(
            root, "apt-get", "install", "-qq", "-y", "--download-only", *_DOWNLOADED,
            "/root/gatehouse.deb")
        (root / "root/gatehouse.deb").unlink()
        (root / "complete").touch()
    return root


def _inside(root: Path, *command: str) -> None:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}
    subprocess.run(
        ["chroot", root, *command], check=True, env=environment, stdout=subprocess.DEVNULL)
