"""What nginx does itself: it serves the page, speaks TLS, and chooses how to reach Gatehouse."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from harness.client import Client
from harness.nginx import SHIPPED
from harness.site import Site
from nginx_answers import is_problem, is_secured

HTML = [("Accept", "text/html,application/xhtml+xml")]


def test_the_shipped_configuration_has_no_errors_or_warnings(fresh: Site) -> None:
    said = fresh.nginx.check()
    assert not re.search(r"\[(warn|emerg|error|alert)\]", said), said


@pytest.mark.parametrize("target", ["/", "/login", "/people", "/people/7", "/index.html"])
def test_every_navigation_gets_the_page(target: str, client: Client) -> None:
    answer = client.request("GET", target, HTML)
    assert answer.status == 200 and b"<!doctype html>" in answer.body.lower()
    assert answer.header("content-type") == "text/html; charset=utf-8"
    assert answer.header("cache-control") == "no-cache"
    policy = answer.header("content-security-policy") or ""
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert is_secured(answer, but=("content-security-policy",))


def test_a_script_of_the_page_is_revalidated(client: Client) -> None:
    page = client.request("GET", "/", HTML).body.decode()
    source = re.search(r'<script[^>]+src="(/[^"]+)"', page)
    assert source
    first = client.request("GET", source[1])
    again = client.request("GET", source[1], [("If-None-Match", first.header("etag") or "")])

    assert first.status == 200 and "javascript" in (first.header("content-type") or "")
    assert first.header("cache-control") == "no-cache"
    assert again.status == 304


TYPES = {
    "types.d.ts": "text/plain; charset=utf-8",
    "types.d.mts": "text/plain; charset=utf-8",
    "module.mjs": "text/javascript; charset=utf-8",
    "app.webmanifest": "application/manifest+json; charset=utf-8",
    "film.ts": "video/mp2t",
    "icon.svg": "image/svg+xml; charset=utf-8",
    "notes.txt": "text/plain; charset=utf-8",
}


def test_a_file_has_the_type_that_browsers_expect(site_for, tmp_path: Path) -> None:
    (tmp_path / "static").mkdir()
    for name in TYPES:
        (tmp_path / "static" / name).write_text("content")
    with site_for("types", web=tmp_path) as site:
        client = site.client()
        answers = {name: client.request("GET", f"/static/{name}") for name in TYPES}
        assert {name: answer.header("content-type") for name, answer in answers.items()} == TYPES
        assert {answer.status for answer in answers.values()} == {200}
        assert {answer.header("cache-control") for answer in answers.values()} == {"no-cache"}
        for name in TYPES:
            assert is_problem(client.request("GET", f"/{name}"), 404, "Route not found")


@pytest.mark.parametrize("target", [
    "/.git/config", "/.env", "/package.json/", "/nope.js", "/views/", "/api", "/api/nope"])
def test_what_is_not_there_is_the_contracts_404(target: str, client: Client) -> None:
    answer = client.request("GET", target)
    assert is_problem(answer, 404, "Route not found")


def test_no_path_of_the_api_serves_the_page(client: Client) -> None:
    for target in "/api", "/api/people/x/y", "/api/auth/nope":
        assert is_problem(client.request("GET", target, HTML), 404, "Route not found")


@pytest.mark.parametrize(
    ("asked", "spoken"), [("--http1.0", "1.1"), ("--http1.1", "1.1"), ("--http2", "2")])
def test_every_version_of_http_is_supported(asked: str, spoken: str, fresh: Site) -> None:
    done = subprocess.run(
        ["curl", "-s", "--cacert", fresh.authority.certificate, asked, "-w", "\n%{http_version}",
         f"https://localhost:{fresh.nginx.port}/health"], capture_output=True, text=True)
    body, version = done.stdout.rsplit("\n", 1)
    assert (json.loads(body)["success"], version) == (True, spoken)


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_old_tls_is_refused(version: str, fresh: Site) -> None:
    done = subprocess.run(
        ["curl", "-s", "--cacert", fresh.authority.certificate, "--tls-max", version,
         f"--tlsv{version}", "--ciphers", "DEFAULT:@SECLEVEL=0",
         f"https://localhost:{fresh.nginx.port}/health"], capture_output=True)
    assert done.returncode == 35  # CURLE_SSL_CONNECT_ERROR


def test_an_answer_with_tokens_is_never_compressed(client: Client) -> None:
    answer = client.request(
        "POST", "/api/auth/login",
        [("Content-Type", "application/json"), ("Accept-Encoding", "gzip, br")],
        b'{"username":"john@example.com","password":"John@123"}')
    assert answer.status == 200 and answer.header("content-encoding") is None


def test_a_post_never_travels_on_a_kept_connection() -> None:
    """Checks the configuration: a POST that is lost with a kept connection could not be retried."""
    # The files of the site, without the one for the metrics.
    files = [SHIPPED / "gatehouse.conf", *sorted((SHIPPED / "gatehouse").rglob("*.conf"))]
    text = "\n".join(path.read_text() for path in files)
    text = re.sub(r"#.*", "", text)
    kept = {
        name for name, body in re.findall(r"upstream\s+(\w+)\s*\{(.*?)\}", text, re.DOTALL)
        if re.search(r"\bkeepalive\s+\d", body)}
    (choice,) = re.findall(r"map\s+\$request_method\s+\$(\w+)\s*\{(.*?)\}", text, re.DOTALL)
    ways = dict(re.findall(r"(\w+)\s+(\w+)\s*;", choice[1]))

    assert kept and re.findall(r"fastcgi_pass\s+([^;]+);", text) == [f"${choice[0]}"]
    assert {method for method, way in ways.items() if way in kept} == {
        "GET", "HEAD", "PUT", "DELETE"}
    assert ways["default"] not in kept
    assert "non_idempotent" not in text


def test_no_location_adds_a_header() -> None:
    """A location that does silently loses every header that it would inherit."""
    for path in SHIPPED.rglob("*.conf"):
        text = re.sub(r"#.*", "", path.read_text())
        for block in re.findall(r"location[^{]*\{([^}]*)\}", text):
            assert "add_header" not in block, path
