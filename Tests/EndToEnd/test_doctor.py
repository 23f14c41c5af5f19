"""`gatehouse doctor`: nothing on a sound installation, and each planted defect by its name."""

import json
import os
import subprocess
from collections.abc import Iterator

import pytest

from harness import log_leaks, defects, nginx_defects  # noqa: F401: they fill the table
from harness.defect import DEFECTS, Defect, Plan
from harness.installed_site import ORIGIN, InstalledSite
from harness.site import Site

SECRET = "the secret of an installation that is sound"
SETTINGS = {"GATEHOUSE_PASSWORD_COST": "10", "GATEHOUSE_ALLOWED_ORIGINS": ORIGIN}

# Who owns what, mounts and nginx's user are for root to plant.
pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="plants defects as root")


@pytest.fixture(scope="module")
def installed(site_for) -> Iterator[InstalledSite]:
    log_leaks.register(SECRET)
    site: Site = site_for("doctor", SETTINGS, origins=(ORIGIN,))
    installed = InstalledSite(site)
    installed.secret.write_text(SECRET + "\n")
    installed.secret.chmod(0o600)
    del site.backend.environment["JWT_SECRET"]
    site.backend.environment["JWT_SECRET_FILE"] = str(installed.secret)
    installed.prepare()
    with site:
        yield installed


def findings(said: subprocess.CompletedProcess[str]) -> list[dict[str, str]]:
    """What was found, in the form that scripts read; fails where exit status and it differ."""
    found = json.loads(said.stdout)
    severities = {finding["severity"] for finding in found}
    assert severities <= {"error", "warning"}
    assert said.returncode == (2 if "error" in severities else 1 if severities else 0), said
    return found


def test_on_a_sound_installation_there_is_nothing_to_find(installed: InstalledSite) -> None:
    said = installed.examine("--json")
    assert findings(said) == [], said
    # No systemd runs here; everything else was looked at.
    assert said.stderr == (
        "Skipped: service-stopped, clock-unsynchronised: systemd does not run here.\n")


def test_nothing_is_changed_by_looking(installed: InstalledSite) -> None:
    def state() -> object:
        files = sorted(installed.directory.rglob("*"))
        return (
            installed.site.database.dump(),
            [(file, file.stat().st_mode, file.stat().st_mtime_ns) for file in files
             if file.suffix not in (".log", ".db-shm") and file.name != "temp"])

    before = state()
    assert installed.examine().returncode == 0
    assert state() == before
    with installed.copied() as path:
        assert installed.examine(settings={"GATEHOUSE_DATABASE": str(path)}).returncode == 0
        assert [file.name for file in path.parent.iterdir()] == ["gatehouse.db"]


@pytest.mark.parametrize("defect", DEFECTS.values(), ids=DEFECTS)
def test_a_planted_fault_is_found_and_nothing_else_with_it(defect: Defect, installed: InstalledSite) -> None:
    with defect.planted(installed) as plan:
        plan = plan or Plan()
        said = installed.examine(
            "--json", *plan.arguments, settings=plan.settings, trusts=plan.trusts)
    found = findings(said)
    assert (defect.severity, defect.check) in {
        (finding["severity"], finding["check"]) for finding in found}, said
    assert {finding["check"] for finding in found} <= {defect.check} | defect.consequences, said
    for finding in found:
        assert all(finding[part] for part in ("what", "why", "cure")), finding
    assert SECRET not in said.stdout + said.stderr


def test_enough_faults_are_planted() -> None:
    assert len({defect.check for defect in DEFECTS.values()}) >= 20


def test_people_read_a_paragraph_for_each_finding_and_a_line_of_counts(installed: InstalledSite) -> None:
    with DEFECTS["a_secret_for_everybody"].planted(installed):
        said = installed.examine()
    assert said.returncode == 2
    paragraphs = said.stdout.strip().split("\n\n")
    assert paragraphs[0] == (
        "error: secret-readable\n"
        f"  Every user of this machine can read the secret in {installed.secret}.\n"
        "  Who knows the secret makes tokens for everybody's sessions.\n"
        f"  Cure: chmod o= {installed.secret}")
    assert paragraphs[-1].endswith("1 error, 0 warnings, 2 skipped.")


def test_the_site_can_be_named(installed: InstalledSite) -> None:
    address = f"https://localhost:{installed.site.nginx.port}"
    assert installed.examine("--site", address).returncode == 0
    named = findings(installed.examine("--site", "https://www.example.com", "--json"))
    assert {finding["check"] for finding in named} >= {"certificate-name"}
    wrong = installed.examine("--site", "www.example.com")
    assert wrong.returncode == 64 and "write " in wrong.stderr, wrong


def test_once_the_faults_are_mended_nothing_is_found_again(installed: InstalledSite) -> None:
    said = installed.examine("--json")
    assert findings(said) == [], said
