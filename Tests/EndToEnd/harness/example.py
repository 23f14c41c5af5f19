"""Applies the example of docs/adding-a-resource.md to a copy of the sources and compiles it."""

import re
import shutil
import subprocess
from pathlib import Path

from .backend import ROOT

PAGE = ROOT / "docs/adding-a-resource.md"
# Kept between runs, so that only changed files are recompiled.
COPY = ROOT / ".build/adding-a-resource"

NEW_FILE = re.compile(r"^`(Sources/[^`]+)`:\n\n```\w+\n(.*?)^```$", re.M | re.S)
CHANGED_FILE = re.compile(r"^```diff\n--- a/(\S+)\n\+\+\+ b/\1\n(.*?)^```$", re.M | re.S)


def new_files() -> dict[str, str]:
    return dict(NEW_FILE.findall(PAGE.read_text()))


def changed_files() -> dict[str, str]:
    """Returns the files that the page changes, with its diffs applied."""
    return {
        path: changed((ROOT / path).read_text(), diff)
        for path, diff in CHANGED_FILE.findall(PAGE.read_text())}


def changed(text: str, diff: str) -> str:
    """Applies a diff whose hunks have no line numbers: each must match in exactly one place."""
    for hunk in diff.split("@@\n")[1:]:
        # An editor may have removed the space at the start of an empty context line.
        lines = [line or " " for line in hunk.splitlines()]
        before = "".join(f"{line[1:]}\n" for line in lines if line[0] in " -")
        after = "".join(f"{line[1:]}\n" for line in lines if line[0] in " +")
        assert text.count(before) == 1, f"{text.count(before)} places match:\n{before}"
        text = text.replace(before, after)
    return text


def build() -> Path:
    """Compiles a debug build of the example and returns the path of the program."""
    files = {
        path.relative_to(ROOT).as_posix(): path.read_bytes()
        for top in ("Package.swift", "Package.resolved", "Sources", "Tests")
        for path in [ROOT / top, *(ROOT / top).rglob("*")]
        if path.is_file() and "__pycache__" not in path.parts}
    new = new_files()
    assert not new.keys() & files.keys(), "a new file already exists"
    for path, text in (new | changed_files()).items():
        files[path] = text.encode()

    for path in [path for top in ("Sources", "Tests") for path in (COPY / top).rglob("*")]:
        if path.is_file() and path.relative_to(COPY).as_posix() not in files:
            path.unlink()
    for name, content in files.items():
        path = COPY / name
        if not path.exists() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    # Reuse the packages that were fetched for the original sources.
    for part in ("repositories", "checkouts", "workspace-state.json"):
        kept, copied = ROOT / ".build" / part, COPY / ".build" / part
        if kept.is_dir():
            shutil.copytree(kept, copied, symlinks=True, dirs_exist_ok=True)
        elif kept.exists():
            shutil.copyfile(kept, copied)

    done = subprocess.run(
        ["swift", "build", "--product", "gatehouse"], cwd=COPY, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.returncode == 0, done.stdout[-4000:]
    return COPY / ".build/debug/gatehouse"
