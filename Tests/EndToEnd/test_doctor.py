"""`gatehouse doctor` reports nothing on a correct installation, and each planted defect by name."""

import json
import os
import subprocess
from collections.abc import Iterator

import pytest

from harness import log_leaks, defects, nginx_defects  # noqa: F401: they register defects
from harness.defect import DEFECTS, Defect, Plan
from harness.installed_site import ORIGIN, InstalledSite
from harness.site import Site

SECRET = "the secret of a correct installation"
SETTINGS = {"GATEHOUSE_PASSWORD_COST": "10", "GATEHOUSE_ALLOWED_ORIGINS": ORIGIN}

# Changing owners, mounts and nginx's user needs root.
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
    """Parses the JSON findings; fails if the exit status does not match them."""
    found = json.loads(said.stdout)
    severities = {finding["severity"] for finding in found}
    assert severities <= {"error", "warning"}
    assert said.returncode == (2 if "error" in severities else 1 if severities else 0), said
    return found


def test_a_correct_installation_has_no_findings(installed: InstalledSite) -> None:
    said = installed.examine("--json")
    assert findings(said) == [], said
    # systemd does not run here; nothing else may be skipped.
    assert said.stderr == (
        "Skipped service-stopped, backup-disabled, clock-unsynchronised: systemd is not running on this machine.\n")


def test_the_checks_change_nothing(installed: InstalledSite) -> None:
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
def test_only_the_planted_defect_is_reported(defect: Defect, installed: InstalledSite) -> None:
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


def test_at_least_twenty_checks_have_a_planted_defect() -> None:
    assert len({defect.check for defect in DEFECTS.values()}) >= 20


def test_the_text_has_a_paragraph_per_finding_and_a_summary(installed: InstalledSite) -> None:
    with DEFECTS["a_secret_readable_by_every_user"].planted(installed):
        said = installed.examine()
    assert said.returncode == 2
    paragraphs = said.stdout.strip().split("\n\n")
    assert paragraphs[0] == (
        "error: secret-readable\n"
        f"  Every user of this machine can read the secret that signs tokens, in {installed.secret}.\n"
        "  Someone who knows the secret can forge tokens and act as any account.\n"
        f"  Cure: chmod o= {installed.secret}")
    assert paragraphs[-1].endswith("errors: 1, warnings: 0, skipped checks: 3.")


def test_the_sites_address_can_be_given(installed: InstalledSite) -> None:
    address = f"https://localhost:{installed.site.nginx.port}"
    assert installed.examine("--site", address).returncode == 0
    named = findings(installed.examine("--site", "https://www.example.com", "--json"))
    assert {finding["check"] for finding in named} >= {"certificate-name"}
    wrong = installed.examine("--site", "www.example.com")
    assert wrong.returncode == 64 and "write " in wrong.stderr, wrong


def test_an_address_with_the_proxy_protocol_is_not_called_broken(
    installed: InstalledSite
) -> None:
    listen = f"127.0.0.1:{installed.site.nginx.port} ssl http2"
    with installed.edited(
            installed.settings / "listen.conf", f"{listen};",
            f"{listen} proxy_protocol;\nset_real_ip_from 192.0.2.10;\n"
            "real_ip_header proxy_protocol;", reload=True):
        said = installed.examine("--json")
    assert findings(said) == [], said
    assert "certificate-not-loaded: openssl cannot connect" in said.stderr


def test_a_header_of_a_known_proxy_is_not_called_forged(installed: InstalledSite) -> None:
    with installed.edited(
            installed.settings / "listen.conf", "server_name",
            "set_real_ip_from 192.0.2.10;\nreal_ip_header X-Forwarded-For;\nserver_name"):
        assert findings(installed.examine("--json")) == []


def test_what_follows_from_a_finding_is_listed_as_skipped(installed: InstalledSite) -> None:
    with DEFECTS["a_server_that_does_not_start"].planted(installed) as plan:
        said = installed.examine("--json", settings=plan.settings)
    assert [finding["check"] for finding in findings(said)] == ["settings-wrong"]
    assert "socket-silent" in said.stderr
    assert "its finding follows from settings-wrong." in said.stderr


def test_nothing_is_reported_after_the_defects_are_repaired(installed: InstalledSite) -> None:
    said = installed.examine("--json")
    assert findings(said) == [], said
