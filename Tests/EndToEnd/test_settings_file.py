"""A line of the settings file means to the server what it means to a shell and to systemd.

`sh` reads each line as gatehouse.env(5) shows it, with `. FILE`. systemd's generator for
environment.d(5) has the parser of `EnvironmentFile=`; where it is not installed, only `sh` is
compared.
"""

import random
import re
import subprocess
from pathlib import Path

import pytest

from harness import scale
from harness.backend import Backend

NAME = "GATEHOUSE_DATABASE"
GENERATOR = Path("/usr/lib/systemd/user-environment-generators/30-systemd-environment-d-generator")
LINES = scale.amount("TRIALS", 150, 3_000)
PARTS = [
    "/srv/app.db", "a", " ", "\t", "#", " # the accounts", "'", '"', "\\", "$", "~", ":", ";", "&",
    "`", "=", "*", "é", "\r", "'a b'", '"a b"',
]


def by_gatehouse(backend: Backend, file: Path) -> str | None:
    """The database's path as `gatehouse check` shows it; None if the file is refused."""
    done = backend.command("check", settings={NAME: None, "GATEHOUSE_SETTINGS": str(file)})
    if str(file) in done.stderr:
        assert re.fullmatch(rf"{file}: line 1 .+; .+\n", done.stderr), done.stderr
        assert done.returncode == 1 and "srv" not in done.stderr.replace(str(file), "")
        return None
    shown = re.search(rf"(?m)^{NAME}\s\s+(.*?)\s\s+(file|default)$", done.stdout)
    assert shown, done
    if shown[1].startswith('"') or shown[1] == "(not shown)":
        return ""  # The value is read, and its setting refuses it.
    return re.sub(r'\\u\{(\w+)\}', lambda c: chr(int(c[1], 16)), shown[1]).replace(
        '\\"', '"').replace("\\\\", "\\")


def by_shell(file: Path) -> str | None:
    """The value in a shell that reads the file; None if the shell complains."""
    done = subprocess.run(
        ["/bin/sh", "-c", f'. "$1" && printf "[%s]" "${NAME}"', "sh", str(file)],
        capture_output=True, text=True, env={"PATH": "/nonexistent", "HOME": "/home/of"})
    return done.stdout[1:-1] if done.returncode == 0 and done.stderr == "" else None


def by_systemd(file: Path, directory: Path) -> str | None:
    """The value that systemd reads."""
    folder = directory / "environment.d"
    folder.mkdir(exist_ok=True)
    (folder / "test.conf").write_bytes(file.read_bytes())
    said = subprocess.run(
        [GENERATOR], capture_output=True, text=True,
        env={"XDG_CONFIG_HOME": str(directory), "HOME": "/nonexistent"}).stdout
    quoted = re.search(rf'(?m)^{NAME}=(.*)$', said)
    if not quoted:
        return None
    # The generator quotes values for a shell.
    return subprocess.run(
        ["/bin/bash", "-c", f'eval "$1" && printf "[%s]" "${NAME}"', "bash", quoted[0]],
        capture_output=True, text=True, check=True).stdout[1:-1]


def check(backend: Backend, directory: Path, value: str) -> bool:
    """Compares the readers of a value; returns whether the server accepts the line."""
    file = directory / "settings"
    file.write_bytes(f"{NAME}={value}\n".encode())
    read = by_gatehouse(backend, file)
    if read is None:
        return False
    if read:
        # The table of `gatehouse check` does not show blanks at the ends of a quoted value.
        assert (by_shell(file) or "").strip(" ") == read, value
        # environment.d(5), unlike EnvironmentFile=, replaces $NAME in every value.
        if GENERATOR.exists() and "$" not in value:
            assert (by_systemd(file, directory) or "").strip(" ") == read, value
    return True


@pytest.mark.parametrize("value", [
    "/srv/app.db", "/srv/app.db  ", "/srv/app#1.db", "/srv/a=b", "'/srv/app.db # the accounts'",
    '"/srv/app.db # the accounts"', "'/srv/$x'", r'"/srv/a\"b\\c\d"', "/srv/日本.db",
])
def test_a_value_is_read_as_a_shell_and_systemd_read_it(value: str, tmp_path: Path) -> None:
    assert check(Backend(tmp_path), tmp_path, value)


@pytest.mark.parametrize("value", [
    "/srv/app.db # the accounts", "'/srv/app.db' # the accounts", '"/srv/app.db" # x', "'/srv/app.db",
    '"/srv/app.db', "/srv/app.db'", "'/srv/app.db\"", " /srv/app.db", "/srv/app.db the accounts",
    "'/srv/'app.db", "~/app.db", '"$HOME/app.db"', "/srv/app.db\r", "/srv/app.db\u00a0",
])
def test_a_value_that_they_read_differently_is_refused_by_its_line(
        value: str, tmp_path: Path) -> None:
    assert not check(Backend(tmp_path), tmp_path, value)


def test_random_values_are_read_alike_or_refused(tmp_path: Path) -> None:
    generator = random.Random(scale.seed())
    backend = Backend(tmp_path)
    accepted = sum(
        check(backend, tmp_path, "".join(generator.choices(PARTS, k=generator.randint(1, 5))))
        for _ in range(LINES))
    assert LINES // 20 < accepted < LINES // 2
