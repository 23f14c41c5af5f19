"""A refresh without a valid refresh token is refused and changes nothing."""

import time
from collections.abc import Iterator

import pytest

from forgeries import ENDINGS, FORGERIES, Unchanged, end_session, is_refused
from harness.client import Client, Tokens
from harness.site import Site


def refreshes(token: str) -> Iterator[dict]:
    """Yields requests that send a refresh token in each of the three possible ways."""
    yield {"headers": [("Cookie", f"refreshToken={token}")]}
    yield {"headers": [("Content-Type", "application/json")],
           "body": f'{{"refreshToken":"{token}"}}'.encode()}
    yield {"headers": [("Content-Type", "application/x-www-form-urlencoded")],
           "body": f"refreshToken={token}".encode()}


@pytest.mark.parametrize("forgery", [
    "garbage", "three empty parts", "four parts", "wrong signature", "alg none", "HS384",
    "HS512", "expired", "half a signature"])
def test_an_invalid_refresh_token_is_refused_with_401(
    forgery: str, fresh: Site, client: Client, pair: Tokens
) -> None:
    # Swaps the pair, so that the forgeries imitate the refresh token, whose real key never leaves
    # the server.
    token = FORGERIES[forgery](Tokens(pair.refresh, pair.access), fresh.secret)
    with Unchanged(fresh):
        for request in refreshes(token):
            answer = client.request("POST", "/api/auth/refresh", **request)
            assert is_refused(answer, 401, "Invalid refresh token")


def test_an_access_token_is_refused_as_a_refresh_token(
    fresh: Site, client: Client, pair: Tokens
) -> None:
    with Unchanged(fresh):
        for request in refreshes(pair.access):
            answer = client.request("POST", "/api/auth/refresh", **request)
            assert is_refused(answer, 400, "Refresh token is invalid or expired.")


@pytest.mark.parametrize("how", ENDINGS)
def test_a_refresh_token_of_an_ended_session_is_refused_with_400(
    how: str, fresh: Site, client: Client, pair: Tokens
) -> None:
    end_session(how, fresh, client, pair)
    with Unchanged(fresh):
        for request in refreshes(pair.refresh):
            answer = client.request("POST", "/api/auth/refresh", **request)
            assert is_refused(answer, 400, "Refresh token is invalid or expired.")


def test_both_tokens_of_an_expired_session_are_refused(
    fresh: Site, client: Client, pair: Tokens
) -> None:
    now = int(time.time() * 1000)
    fresh.database.execute("UPDATE sessions SET started_at = ?, expires_at = ?", now - 2, now - 1)
    with Unchanged(fresh):
        me = client.request("GET", "/api/auth/me", pair.bearer)
        refreshed = client.request("POST", "/api/auth/refresh", pair.cookie)
        assert is_refused(me, 403, "Invalid or expired token")
        assert refreshed.status in (400, 401)
