"""The documents and the package describe the settings as the program does."""

import re
import subprocess
from pathlib import Path

import pytest

from harness.backend import binary

REPOSITORY = Path(__file__).resolve().parents[2]


def explained() -> dict[str, tuple[str, str]]:
    """The format and the default of every setting, as printed by `gatehouse check --explain`."""
    said = subprocess.run(
        [binary(), "check", "--explain"], capture_output=True, text=True, check=True).stdout
    settings = re.findall(r"(?m)^([A-Z_]+)\n.*\n +Format: (.*)\. Default: (.*)\.$", said)
    return {name: (form, default) for name, form, default in settings}


@pytest.fixture(scope="module")
def defaults() -> dict[str, str]:
    return {name: default for name, (_, default) in explained().items()}


def test_the_manual_page_of_the_settings_is_up_to_date() -> None:
    written = subprocess.run(
        [REPOSITORY / "scripts/environment-page", binary()],
        capture_output=True, text=True, check=True).stdout
    assert (REPOSITORY / "docs/gatehouse.env.5").read_text() == written


def test_the_packaged_settings_file_shows_the_defaults(defaults: dict[str, str]) -> None:
    lines = (REPOSITORY / "debian/settings").read_text().splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == []
    settings = dict(re.findall(r"(?m)^#([A-Z_]+)=(.*)$", "\n".join(lines)))
    assert len(settings) > 3
    assert settings == {name: defaults[name].replace("none", "") for name in settings}


def test_the_readme_lists_every_setting(defaults: dict[str, str]) -> None:
    listed = re.findall(r"(?m)^\| `([A-Z_]+)` \|", (REPOSITORY / "README.md").read_text())
    # NODE_ENV is the old name of another setting, and is mentioned in the row of that setting.
    assert set(listed) == defaults.keys() - {"NODE_ENV"}
