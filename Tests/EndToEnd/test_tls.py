"""TLS as two scanners judge it, and the security headers as Mozilla's observatory does."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from harness import scale
from harness.client import Answer, Client
from harness.nginx import SHIPPED
from harness.site import Site

# What testssl.sh has to say of a certificate of two days that tests have signed, and of itself.
OF_THE_CERTIFICATE = {
    "cert_expirationStatus", "cert_notAfter", "cert_revocation", "cert_chain_of_trust",
    "cert_trust", "DNS_CAArecord"}
OF_THE_SCANNER = {"engine_problem", "sessionresumption_ticket", "scanTime"}


def test_sslyze_finds_mozillas_intermediate_profile(fresh: Site, tmp_path: Path) -> None:
    """The profile has versions, suites, curves, and the certificate's key, signature and life."""
    found = tmp_path / "found.json"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "sslyze", "--mozilla_config", "intermediate",
         "--certinfo_ca_file", fresh.authority.certificate, "--json_out", found,
         f"localhost:{fresh.nginx.port}"],
        capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and "OK - Compliant" in done.stdout, done.stdout[-2000:]

    (server,) = json.loads(found.read_text())["server_scan_results"]
    scan = {
        name: attempt["result"] for name, attempt in server["scan_result"].items()
        if attempt and attempt["status"] == "COMPLETED"}
    for old in "ssl_2_0", "ssl_3_0", "tls_1_0", "tls_1_1":
        assert scan[f"{old}_cipher_suites"]["accepted_cipher_suites"] == []
    assert scan["heartbleed"]["is_vulnerable_to_heartbleed"] is False
    assert scan["openssl_ccs_injection"]["is_vulnerable_to_ccs_injection"] is False
    assert scan["robot"]["robot_result"].startswith("NOT_VULNERABLE")
    assert scan["tls_compression"]["supports_compression"] is False
    assert scan["tls_fallback_scsv"]["supports_fallback_scsv"] is True
    assert scan["tls_extended_master_secret"]["supports_ems_extension"] is True
    renegotiation = scan["session_renegotiation"]
    assert renegotiation["supports_secure_renegotiation"] is True
    assert renegotiation["is_vulnerable_to_client_renegotiation_dos"] is False
    # Trusted where the tests' authority is.
    (deployment, *_) = scan["certificate_info"]["certificate_deployments"]
    trusted = [
        validation for validation in deployment["path_validation_results"]
        if validation["trust_store"]["name"].startswith("Supplied")]
    assert [validation["was_validation_successful"] for validation in trusted] == [True]


@pytest.mark.skipif(shutil.which("testssl") is None, reason="testssl.sh is not installed")
@pytest.mark.skipif(not scale.IS_FULL, reason="takes minutes: make acceptance")
def test_testssl_finds_nothing_but_the_certificate(fresh: Site, tmp_path: Path) -> None:
    found = tmp_path / "found.json"
    # Protocols, suites, forward secrecy, order, server's defaults, headers, vulnerabilities.
    done = subprocess.run(
        ["testssl", "--quiet", "--color", "0", "--warnings", "off", "--severity", "LOW",
         "-p", "-s", "-f", "-P", "-S", "-h", "-U", "--add-ca", fresh.authority.certificate,
         "--jsonfile", found, f"https://localhost:{fresh.nginx.port}/"],
        capture_output=True, text=True, timeout=600)
    findings = json.loads(found.read_text())

    assert "Testing vulnerabilities" in done.stdout, done.stdout[-2000:]
    accepted = OF_THE_CERTIFICATE | OF_THE_SCANNER
    assert [finding for finding in findings if finding["id"] not in accepted] == []


def policy(answer: Answer) -> dict[str, set[str]]:
    directives = (answer.header("content-security-policy") or "").split(";")
    words = [directive.split() for directive in directives if directive.strip()]
    parsed = {name.lower(): set(sources) for name, *sources in words}
    assert len(parsed) == len(words), "a second directive of a name is ignored"
    return parsed


BROAD = {"'unsafe-inline'", "'unsafe-eval'", "data:", "http:", "https:", "*", "ftp:", "blob:"}


def of_policy(answer: Answer) -> int:
    """As the observatory scores a policy; where that falls below 0, fails."""
    said = policy(answer)
    default = said.get("default-src", {"*"})
    scripts = said.get("script-src", default)
    objects = said.get("object-src", default)
    assert not scripts & BROAD and not objects & BROAD
    everything = set().union(*said.values())
    assert "http:" not in everything and "'unsafe-eval'" not in everything
    if said.get("style-src", default) & BROAD:
        return 0
    return 10 if default == {"'none'"} else 5


def score(answer: Answer) -> int:
    """What the observatory gives to a page or an answer, bonuses included.

    https://developer.mozilla.org/en-US/observatory/docs/tests_and_scoring. Whatever would cost
    points fails here. Not to be had by a configuration are the 5 points of the preload list; 5 are
    for sites without Cross-Origin-Resource-Policy, and 5 for scripts with a hash, which is needed
    for those of other hosts.
    """
    points = 100 + of_policy(answer)
    cookies = answer.cookies.values()
    for cookie in cookies:
        assert cookie.attributes.get("secure") and cookie.attributes.get("httponly"), cookie.name
        assert str(cookie.attributes.get("samesite")).lower() in ("strict", "lax"), cookie.name
    points += 5 if cookies else 0

    # Restricted to named origins, and not to whoever asks.
    assert answer.header("access-control-allow-origin") not in ("*", "https://evil.example")
    age = re.match(r"max-age=(\d+);", answer.header("strict-transport-security") or "")
    assert age and int(age[1]) >= 15_768_000
    if answer.header("referrer-policy") in (
            "no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"):
        points += 5
    assert answer.header("x-content-type-options") == "nosniff"
    assert answer.header("x-frame-options") in ("DENY", "SAMEORIGIN")
    if policy(answer).get("frame-ancestors", {"*"}) <= {"'none'", "'self'"}:
        points += 5
    assert answer.header("cross-origin-resource-policy") in ("same-origin", "same-site")
    return points


EVIL = [("Origin", "https://evil.example")]


@pytest.mark.parametrize("path", ["/", "/login", "/people"])
def test_the_page_has_full_marks(path: str, fresh: Site, client: Client) -> None:
    answer = client.request("GET", path, [("Accept", "text/html"), *EVIL])
    assert answer.status == 200
    # 10 for a policy that begins with nothing, 5 for the referrer's, 5 for no frame around it.
    assert score(answer) == 120
    for source in re.findall(r"<script[^>]*\bsrc=\"([^\"]*)\"", answer.body.decode()):
        assert re.match(r"/[^/]", source), "a script of our own needs no hash"
    assert "<script" not in re.sub(r"<script[^>]*\bsrc=", "", answer.body.decode())


def test_an_answer_with_cookies_has_full_marks_but_for_the_contracts_policy(
    fresh: Site, client: Client
) -> None:
    answer = client.send_json(
        "POST", "/api/auth/login", {"username": "john@example.com", "password": "John@123"}, EVIL)
    assert answer.status == 200 and len(answer.cookies) == 2
    # As above and 5 for the cookies; the policy for what is no page is that of the Express backend
    # and its clients, whose styles may be inline: 0 where a stricter one has 10.
    assert score(answer) == 115


@pytest.mark.parametrize("path", ["/health", "/api/auth/me", "/api/nope", "/gatehouse.js"])
def test_whatever_is_answered_costs_no_point(path: str, fresh: Site, client: Client) -> None:
    assert score(client.request("GET", path, EVIL)) >= 110


def test_plain_http_leads_to_https_on_the_same_host() -> None:
    """By the configuration: the tests have no port 80."""
    text = re.sub(r"#.*", "", (SHIPPED / "gatehouse/settings/redirect.conf").read_text())
    assert re.findall(r"return\s+(\d+)\s+(\S+);", text) == [
        ("308", "https://$server_name$request_uri")]
