"""Checks TLS with two scanners, and the security headers by Mozilla's observatory rules."""

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

# Accepted findings: on the tests' own two-day certificate, and on testssl.sh itself.
OF_THE_CERTIFICATE = {
    "cert_expirationStatus", "cert_notAfter", "cert_revocation", "cert_chain_of_trust",
    "cert_trust", "DNS_CAArecord"}
OF_THE_SCANNER = {"engine_problem", "sessionresumption_ticket", "scanTime"}


def test_sslyze_finds_mozillas_intermediate_profile(fresh: Site, tmp_path: Path) -> None:
    """The profile sets versions, suites, curves, and the certificate's key, signature, lifetime."""
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
    # The certificate is trusted by clients that trust the tests' authority.
    (deployment, *_) = scan["certificate_info"]["certificate_deployments"]
    trusted = [
        validation for validation in deployment["path_validation_results"]
        if validation["trust_store"]["name"].startswith("Supplied")]
    assert [validation["was_validation_successful"] for validation in trusted] == [True]


@pytest.mark.skipif(shutil.which("testssl") is None, reason="testssl.sh is not installed")
@pytest.mark.skipif(not scale.IS_FULL, reason="takes minutes: make acceptance")
def test_testssl_reports_only_the_test_certificate(fresh: Site, tmp_path: Path) -> None:
    found = tmp_path / "found.json"
    # Protocols, suites, forward secrecy, preferences, defaults, headers, vulnerabilities.
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
    assert len(parsed) == len(words), "browsers ignore a repeated directive"
    return parsed


BROAD = {"'unsafe-inline'", "'unsafe-eval'", "data:", "http:", "https:", "*", "ftp:", "blob:"}


def of_policy(answer: Answer) -> int:
    """Returns the observatory's score for a content policy; fails if it would be negative."""
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
    """Returns the observatory's score for a response, including bonuses.

    https://developer.mozilla.org/en-US/observatory/docs/tests_and_scoring. Fails on everything that
    would cost points. A configuration cannot earn the 5 points for the preload list. Two other
    bonuses of 5 do not apply: one is for sites without Cross-Origin-Resource-Policy, one for
    scripts with a hash, which only scripts of other hosts need.
    """
    points = 100 + of_policy(answer)
    cookies = answer.cookies.values()
    for cookie in cookies:
        assert cookie.attributes.get("secure") and cookie.attributes.get("httponly"), cookie.name
        assert str(cookie.attributes.get("samesite")).lower() in ("strict", "lax"), cookie.name
    points += 5 if cookies else 0

    # Only listed origins are allowed; the request's Origin is not echoed.
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
def test_the_page_gets_the_full_score(path: str, fresh: Site, client: Client) -> None:
    answer = client.request("GET", path, [("Accept", "text/html"), *EVIL])
    assert answer.status == 200
    # 10 for default-src 'none', 5 for the referrer policy, 5 for frame-ancestors.
    assert score(answer) == 120
    for source in re.findall(r"<script[^>]*\bsrc=\"([^\"]*)\"", answer.body.decode()):
        assert re.match(r"/[^/]", source), "a script of our own needs no hash"
    assert "<script" not in re.sub(r"<script[^>]*\bsrc=", "", answer.body.decode())


def test_a_login_gets_the_full_score_except_for_the_contracts_policy(
    fresh: Site, client: Client
) -> None:
    answer = client.send_json(
        "POST", "/api/auth/login", {"username": "john@example.com", "password": "John@123"}, EVIL)
    assert answer.status == 200 and len(answer.cookies) == 3
    # As above, and 5 for the cookies. API responses have the policy of the Express backend and its
    # clients, which allows inline styles: it scores 0, where a stricter policy scores 10.
    assert score(answer) == 115


@pytest.mark.parametrize("path", ["/health", "/api/auth/me", "/api/nope", "/gatehouse.js"])
def test_no_response_loses_points(path: str, fresh: Site, client: Client) -> None:
    assert score(client.request("GET", path, EVIL)) >= 110


def test_plain_http_is_redirected_to_https_on_the_same_host() -> None:
    """Reads the configuration, because the tests cannot use port 80."""
    text = re.sub(r"#.*", "", (SHIPPED / "gatehouse/settings/redirect.conf").read_text())
    assert re.findall(r"return\s+(\d+)\s+(\S+);", text) == [
        ("308", "https://$server_name$request_uri")]
