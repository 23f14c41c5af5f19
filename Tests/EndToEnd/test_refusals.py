"""Routes that need an access token refuse unauthorized requests, and nothing changes."""

import re
from collections.abc import Callable

import pytest

from forgeries import ENDINGS, FORGERIES, Unchanged, end_session, is_refused
from harness.backend import ROOT
from harness.client import Client, Tokens
from harness.site import Site

PASSWORDS = b'{"currentPassword":"Admin@123","newPassword":"Other@1234"}'
NAMES = b'{"firstName":"Evil","lastName":"Writer"}'
ROUTES = [
    ("GET", "/api/auth/me", None),
    ("POST", "/api/auth/logout", None),
    ("POST", "/api/auth/logout?all=true", None),
    ("GET", "/api/auth/sessions", None),
    ("DELETE", "/api/auth/sessions/1", None),
    ("POST", "/api/auth/password", PASSWORDS),
    ("GET", "/api/people", None),
    ("GET", "/api/people/1", None),
    ("POST", "/api/people", NAMES),
    ("PUT", "/api/people/1", NAMES),
    ("DELETE", "/api/people/1", None),
    ("GET", "/api/users", None),
    ("PUT", "/api/users/1", b'{"role":"admin"}'),
]
ROUTE_NAMES = [f"{method} {path}" for method, path, _ in ROUTES]


def test_every_route_that_needs_an_access_token_is_in_the_table() -> None:
    closed, path, method = set(), "", ""
    for line in (ROOT / "docs" / "openapi.yaml").read_text().splitlines():
        if found := re.fullmatch(r"  (/\S*):", line):
            path = found[1].replace("{id}", "1")
        elif found := re.fullmatch(r"    (get|post|put|delete):", line):
            method = found[1].upper()
            closed.add((method, path))
        elif re.match(r"      security:", line):
            # Only operations that override the default have this: they need no access token.
            closed.discard((method, path))

    assert closed == {(method, path.partition("?")[0]) for method, path, _ in ROUTES}


@pytest.mark.parametrize("route", ROUTES, ids=ROUTE_NAMES)
def test_a_missing_token_is_refused_with_401(route: tuple, fresh: Site, client: Client) -> None:
    method, path, body = route
    json_type = [("Content-Type", "application/json")]
    with Unchanged(fresh):
        for none in [], [("Authorization", "")], [("Cookie", "accessToken=")], [("Cookie", "a=b")]:
            answer = client.request(method, path, json_type + none, body)
            assert is_refused(answer, 401, "Access token required")


@pytest.mark.parametrize("forgery", FORGERIES)
@pytest.mark.parametrize("route", ROUTES, ids=ROUTE_NAMES)
def test_a_bad_token_is_refused_with_403(
    route: tuple, forgery: str, fresh: Site, client: Client, pair: Tokens
) -> None:
    method, path, body = route
    token = FORGERIES[forgery](pair, fresh.secret)
    json_type = ("Content-Type", "application/json")
    with Unchanged(fresh):
        for presented in ("Authorization", f"Bearer {token}"), ("Cookie", f"accessToken={token}"):
            answer = client.request(method, path, [json_type, presented], body)
            if forgery == "expired" and presented[0] == "Cookie":
                # Treated like an expired cookie: browsers send it for up to a second more.
                assert is_refused(answer, 401, "Access token required")
            else:
                assert is_refused(answer, 403, "Invalid or expired token")


@pytest.mark.parametrize("how", ENDINGS)
@pytest.mark.parametrize("route", ROUTES, ids=ROUTE_NAMES)
def test_a_token_of_an_ended_session_is_refused_with_403(
    route: tuple, how: str, fresh: Site, client: Client, pair: Tokens
) -> None:
    method, path, body = route
    end_session(how, fresh, client, pair)
    with Unchanged(fresh):
        answer = client.request(
            method, path, [("Content-Type", "application/json"), *pair.bearer], body)
        if how == "remove" and path == "/api/auth/me":
            assert is_refused(answer, 404, "User not found")
        else:
            assert is_refused(answer, 403, "Invalid or expired token")


def test_the_wrong_role_is_refused_with_403_and_recorded(
    site_for: Callable[..., Site]
) -> None:
    # A site of its own, because other tests use up how many refusals of an account are recorded.
    with site_for("wrong-role") as site:
        record_refusals(site, site.client())


def record_refusals(fresh: Site, client: Client) -> None:
    user = client.log_in("john@example.com", "John@123")
    # Only the first use of a token is stored, so later requests change no session.
    assert client.request("GET", "/api/auth/me", user.bearer).status == 200
    before = fresh.database.dump()
    for path in ["/api/people/1", "/api/people/99", "/api/people/abc"] * 10:
        answer = client.request("DELETE", path, user.bearer)
        assert is_refused(answer, 403, "Insufficient permissions")

    after = fresh.database.dump()
    del before["events"], after["events"]
    assert after == before
    recorded = fresh.database.execute(
        "SELECT kind, actor, account_id, detail FROM events WHERE kind = 'refused' ORDER BY id")
    # A user can add only a few events in an hour.
    assert len(recorded) == 10
    assert recorded[0] == ("refused", "owner", 1, "DELETE /api/people/1: insufficientRole")
    (session,) = fresh.database.execute("SELECT id FROM sessions")
    shown = fresh.backend.command("events", "--kind", "refused", "--session", str(session[0]))
    assert shown.stdout.count("DELETE /api/people/") == 10, shown


def test_a_role_is_asked_of_the_store_and_not_of_the_token(fresh: Site, client: Client) -> None:
    user = client.log_in("john@example.com", "John@123")
    admin = client.log_in("admin@example.com", "Admin@123")
    for email, role in ("john@example.com", "admin"), ("admin@example.com", "user"):
        fresh.database.set_role(email, role)

    refused = client.request("DELETE", "/api/people/1", admin.bearer)
    done = client.request("DELETE", "/api/people/1", user.bearer)

    assert is_refused(refused, 403, "Insufficient permissions")
    assert done.status == 204
