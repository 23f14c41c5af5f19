"""No secret is logged. The search of all logs, which can fail a run (conftest), finds leaks."""

from pathlib import Path

import pytest

from harness import log_leaks, tokens
from harness.client import Answer, Client
from harness.polling import until
from harness.site import Site

TOKEN = tokens.sign({"alg": "HS256"}, {"username": "x"}, "secret")


@pytest.mark.parametrize("line", [
    f"token={TOKEN}", "somebody@example.com logged in", "hash $2b$04$abcdefgh",
    "the secret is your-very-secure-secret-key-here", "John@123"])
def test_a_leak_is_found(line: str, tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "x.log").write_text(f"first\n{line}\n")

    assert log_leaks.leaks(tmp_path)


def test_an_innocent_log_is_clean(tmp_path: Path) -> None:
    (tmp_path / "x.log").write_text(
        '127.0.0.1 [2026-11-24T07:00:00+00:00] 0123456789abcdef0123456789abcdef "GET /api/people'
        ' HTTP/1.1" 200 93 0.001 0.001 "-"\n')

    assert log_leaks.leaks(tmp_path) == []


def logged(site: Site, answer: Answer) -> None:
    """Waits until a request is in both logs: nginx writes its line after the response."""
    number = answer.header("x-request-id")
    assert number
    for log in site.directory / "nginx-access.log", site.backend.log_path:
        until(lambda: number in log.read_text(), f"{number} is in {log.name}")


def test_every_request_is_logged_on_both_sides_under_one_id(fresh: Site, client: Client) -> None:
    logged(fresh, client.request("GET", "/health"))


def test_secrets_in_an_address_are_not_logged(fresh: Site, client: Client) -> None:
    """Clients put tokens and email addresses into a query by mistake."""
    log_leaks.register("mistaken-secret-in-a-query")
    for target in (
        "/api/people?access_token=mistaken-secret-in-a-query",
        "/nope?email=somebody@example.com", "/health?accessToken=" + TOKEN,
    ):
        client.request("GET", target)
        client.request("GET", target, [("Referer", "https://localhost" + target)])
    last = client.request("POST", "/api/auth/login?password=mistaken-secret-in-a-query")

    logged(fresh, last)
    assert log_leaks.leaks(fresh.directory) == []
