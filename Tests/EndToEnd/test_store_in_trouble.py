"""A store that cannot write: requests that only read still succeed, and without long waits."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from harness.client import Client, Headers, Tokens
from harness.database import Database
from harness.site import Site


@pytest.fixture
def other(fresh: Site) -> Iterator[Database]:
    """Another program's connection to the same database file."""
    database = Database(fresh.backend.database_path)
    yield database
    database.close()


@contextmanager
def sessions_that_cannot_change(database: Database) -> Iterator[None]:
    """Updates of sessions fail, as on a full disk; all other writes succeed."""
    database.execute(
        "CREATE TRIGGER refuse BEFORE UPDATE ON sessions"
        " BEGIN SELECT RAISE(ABORT, 'refused'); END")
    try:
        yield
    finally:
        database.execute("DROP TRIGGER refuse")


def browser(client: Client) -> Headers:
    return [("Sec-Fetch-Site", "same-origin"), ("Origin", f"https://localhost:{client.port}")]


def refresh(client: Client, token: str) -> Tokens:
    answer = client.request(
        "POST", "/api/auth/refresh", [("Cookie", f"refreshToken={token}"), *browser(client)])
    assert answer.status == 200, answer.body
    return Tokens(answer.json["accessToken"], answer.json["refreshToken"])


def test_the_first_use_of_a_token_succeeds_even_if_it_cannot_be_stored(
    client: Client, pair: Tokens, other: Database
) -> None:
    with sessions_that_cannot_change(other):
        assert client.request("GET", "/api/auth/me", pair.bearer).status == 200


def test_a_token_that_was_given_up_is_refused_also_where_that_cannot_be_noted(
    client: Client, pair: Tokens, other: Database
) -> None:
    lost = refresh(client, pair.refresh)
    other.execute("UPDATE sessions SET rotated_at = 0, handed_at = 0")
    again = refresh(client, pair.refresh)
    other.execute("UPDATE sessions SET handed_at = 0")

    with sessions_that_cannot_change(other):
        assert client.request("GET", "/api/auth/me", lost.bearer).status == 403
        assert client.request("GET", "/api/auth/me", again.bearer).status == 200
    assert client.request("GET", "/api/auth/me", lost.bearer).status == 403
    assert client.request("GET", "/api/auth/me", again.bearer).status == 403


def test_reads_do_not_wait_repeatedly_for_another_programs_lock(
    client: Client, pair: Tokens, other: Database
) -> None:
    other.execute("BEGIN IMMEDIATE")
    try:
        assert client.request("GET", "/api/auth/me", pair.bearer).status == 200
        started = time.monotonic()
        for _ in range(10):
            assert client.request("GET", "/api/auth/me", pair.bearer).status == 200
        assert time.monotonic() - started < 4
    finally:
        other.execute("ROLLBACK")
    assert client.request("POST", "/api/auth/logout", pair.bearer).status == 200
