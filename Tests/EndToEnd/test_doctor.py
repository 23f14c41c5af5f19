"""`gatehouse doctor`: nothing on a sound installation, and each planted fault by its name."""

import json
import os
import subprocess
from collections.abc import Iterator

import pytest

from harness import confidential, faults, faults_of_nginx  # noqa: F401: they fill the table
from harness.fault import FAULTS, Fault, Plan
from harness.patient import ORIGIN, Patient
from harness.site import Site

SECRET = "the secret of an installation that is sound"
SETTINGS = {"GATEHOUSE_PASSWORD_COST": "10", "GATEHOUSE_ALLOWED_ORIGINS": ORIGIN}

# Who owns what, mounts and nginx's user are for root to plant.
pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="plants faults as root")


@pytest.fixture(scope="module")
def patient(site_for) -> Iterator[Patient]:
    confidential.register(SECRET)
    site: Site = site_for("doctor", SETTINGS, origins=(ORIGIN,))
    patient = Patient(site)
    patient.secret.write_text(SECRET + "\n")
    patient.secret.chmod(0o600)
    del site.backend.environment["JWT_SECRET"]
    site.backend.environment["JWT_SECRET_FILE"] = str(patient.secret)
    patient.prepare()
    with site:
        yield patient


def findings(said: subprocess.CompletedProcess[str]) -> list[dict[str, str]]:
    """What was found, in the form that scripts read; fails where exit status and it differ."""
    found = json.loads(said.stdout)
    severities = {finding["severity"] for finding in found}
    assert severities <= {"broken", "doubtful"}
    assert said.returncode == (2 if "broken" in severities else 1 if severities else 0), said
    return found


def test_on_a_sound_installation_there_is_nothing_to_find(patient: Patient) -> None:
    said = patient.examine("--json")
    assert findings(said) == [], said
    # No systemd runs here; everything else was looked at.
    assert said.stderr == (
        "Not looked at: service-stopped, clock-unsynchronised: systemd does not run here.\n")


def test_nothing_is_changed_by_looking(patient: Patient) -> None:
    def state() -> object:
        files = sorted(patient.directory.rglob("*"))
        return (
            patient.site.database.dump(),
            [(file, file.stat().st_mode, file.stat().st_mtime_ns) for file in files
             if file.suffix not in (".log", ".db-shm") and file.name != "temp"])

    before = state()
    assert patient.examine().returncode == 0
    assert state() == before
    with patient.copied() as path:
        assert patient.examine(settings={"GATEHOUSE_DATABASE": str(path)}).returncode == 0
        assert [file.name for file in path.parent.iterdir()] == ["gatehouse.db"]


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_planted_fault_is_found_and_nothing_else_with_it(fault: Fault, patient: Patient) -> None:
    with fault.planted(patient) as plan:
        plan = plan or Plan()
        said = patient.examine(
            "--json", *plan.arguments, settings=plan.settings, trusts=plan.trusts)
    found = findings(said)
    assert (fault.severity, fault.check) in {
        (finding["severity"], finding["check"]) for finding in found}, said
    assert {finding["check"] for finding in found} <= {fault.check} | fault.consequences, said
    for finding in found:
        assert all(finding[part] for part in ("what", "why", "cure")), finding
    assert SECRET not in said.stdout + said.stderr


def test_enough_faults_are_planted() -> None:
    assert len({fault.check for fault in FAULTS.values()}) >= 20


def test_people_read_a_paragraph_for_each_finding_and_a_line_of_counts(patient: Patient) -> None:
    with FAULTS["a_secret_for_everybody"].planted(patient):
        said = patient.examine()
    assert said.returncode == 2
    paragraphs = said.stdout.strip().split("\n\n")
    assert paragraphs[0] == (
        "broken: secret-readable\n"
        f"  Every user of this machine can read the secret in {patient.secret}.\n"
        "  Who knows the secret makes tokens for everybody's sessions.\n"
        f"  Cure: chmod o= {patient.secret}")
    assert paragraphs[-1].endswith("1 broken, 0 doubtful, 2 not looked at.")


def test_the_site_can_be_named(patient: Patient) -> None:
    address = f"https://localhost:{patient.site.nginx.port}"
    assert patient.examine("--site", address).returncode == 0
    named = findings(patient.examine("--site", "https://www.example.com", "--json"))
    assert {finding["check"] for finding in named} >= {"certificate-name"}
    wrong = patient.examine("--site", "www.example.com")
    assert wrong.returncode == 64 and "write " in wrong.stderr, wrong


def test_once_the_faults_are_mended_nothing_is_found_again(patient: Patient) -> None:
    said = patient.examine("--json")
    assert findings(said) == [], said
