"""A refresh is refused to whoever has no right to it, and nothing changes."""

import time
from collections.abc import Iterator

import pytest

from forgeries import ENDINGS, FORGERIES, Unchanged, end_session, is_refused
from harness.client import Client, Tokens
from harness.site import Site


def refreshes(token: str) -> Iterator[dict]:
    """The three ways to present a refresh token."""
    yield {"headers": [("Cookie", f"refreshToken={token}")]}
    yield {"headers": [("Content-Type", "application/json")],
           "body": f'{{"refreshToken":"{token}"}}'.encode()}
    yield {"headers": [("Content-Type", "application/x-www-form-urlencoded")],
           "body": f"refreshToken={token}".encode()}


@pytest.mark.parametrize("forgery", [
    "garbage", "three empty parts", "four parts", "wrong signature", "alg none", "HS384",
    "HS512", "expired", "half a signature"])
def test_a_bad_refresh_token_is_a_401(
    forgery: str, fresh: Site, client: Client, pair: Tokens
) -> None:
    # The same forgeries of the refresh token, whose real key nobody outside has.
    token = FORGERIES[forgery](Tokens(pair.refresh, pair.access), fresh.secret)
    with Unchanged(fresh):
        for request in refreshes(token):
            answer = client.request("POST", "/api/auth/refresh", **request)
            assert is_refused(answer, 401, "Invalid refresh token")


def test_an_access_token_does_not_refresh(fresh: Site, client: Client, pair: Tokens) -> None:
    with Unchanged(fresh):
        for request in refreshes(pair.access):
            answer = client.request("POST", "/api/auth/refresh", **request)
            assert is_refused(answer, 400, "Refresh token is invalid or expired.")


@pytest.mark.parametrize("how", ENDINGS)
def test_a_refresh_token_of_an_ended_session_is_a_400(
    how: str, fresh: Site, client: Client, pair: Tokens
) -> None:
    end_session(how, fresh, client, pair)
    with Unchanged(fresh):
        for request in refreshes(pair.refresh):
            answer = client.request("POST", "/api/auth/refresh", **request)
            assert is_refused(answer, 400, "Refresh token is invalid or expired.")


def test_an_expired_session_refuses_both_its_tokens(
    fresh: Site, client: Client, pair: Tokens
) -> None:
    now = int(time.time() * 1000)
    fresh.database.execute("UPDATE sessions SET started_at = ?, expires_at = ?", now - 2, now - 1)
    with Unchanged(fresh):
        me = client.request("GET", "/api/auth/me", pair.bearer)
        refreshed = client.request("POST", "/api/auth/refresh", pair.cookie)
        assert is_refused(me, 403, "Invalid or expired token")
        assert refreshed.status in (400, 401)
