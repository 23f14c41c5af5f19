"""The commands for sessions and events, run while the server is running."""

import json
import re

import pytest

from harness import tokens
from harness.client import Client, Tokens
from harness.polling import until
from harness.site import Site
from test_command_line import refused, run

JOHN = ("john@example.com", "John@123")
MARY = ("mary@example.com", "Mary@1234")


def number(pair: Tokens) -> str:
    """The number of the session to which the tokens belong."""
    return str(tokens.read(pair.access)[1]["sid"])


def me(client: Client, pair: Tokens) -> int:
    return client.request("GET", "/api/auth/me", pair.bearer).status


def refresh(client: Client, pair: Tokens) -> Tokens | None:
    answer = client.request("POST", "/api/auth/refresh", pair.cookie)
    if answer.status != 200:
        return None
    return Tokens(answer.json["accessToken"], answer.json["refreshToken"])


def events(site: Site, *filters: str) -> list[dict]:
    return [json.loads(line) for line in run(site, "events", "--json", *filters).splitlines()]


def test_an_accounts_live_sessions_are_listed_latest_login_first(
    fresh: Site, client: Client
) -> None:
    ended, first, second = [client.log_in(*JOHN) for _ in range(3)]
    client.log_in(*MARY)
    assert client.request("POST", "/api/auth/logout", ended.bearer).status == 200

    head, *rows = [
        re.split(" {2,}", line)
        for line in run(fresh, "session", "list", "John@example.com").splitlines()]

    assert head == ["ID", "CREATED", "LAST SEEN", "ADDRESS", "DEVICE"]
    assert [row[0] for row in rows] == [number(second), number(first)]
    for row in rows:
        assert all(re.fullmatch(r"20..-..-..T..:..:..\....Z", moment) for moment in row[1:3])
        assert row[3] == "127.0.0.1"


def test_an_ended_session_is_refused_on_the_next_request(
    fresh: Site, client: Client
) -> None:
    phone, laptop = client.log_in(*JOHN), client.log_in(*JOHN)

    said = run(fresh, "session", "end", number(phone))

    assert said == f"Session {number(phone)} has ended.\n"
    assert (me(client, phone), me(client, laptop)) == (403, 200)
    assert refresh(client, phone) is None
    assert "no live session" in refused(fresh, "session", "end", number(phone))
    last = events(fresh, "--session", number(phone))[-1]
    assert (last["kind"], last["by"], last["address"]) == ("session-ended", "operator", "")


def test_all_sessions_of_an_account_end_and_no_others(fresh: Site, client: Client) -> None:
    johns, mary = [client.log_in(*JOHN) for _ in range(3)], client.log_in(*MARY)

    said = run(fresh, "session", "end", "--all", "JOHN@example.com")

    assert said == "3 sessions have ended.\n"
    assert [me(client, pair) for pair in [*johns, mary]] == [403, 403, 403, 200]
    assert run(fresh, "session", "end", "--all", JOHN[0]) == "0 sessions have ended.\n"


def test_a_demotion_ends_the_accounts_sessions(fresh: Site, client: Client) -> None:
    admin = client.log_in("admin@example.com", "Admin@123")

    run(fresh, "user", "role", "admin@example.com", "user")

    assert me(client, admin) == 403
    kinds = [event["kind"] for event in events(fresh, "--account", "admin@example.com")]
    assert kinds[-2:] == ["role-changed", "session-ended"]


def test_a_promotion_takes_effect_at_once_and_ends_no_session(
    fresh: Site, client: Client
) -> None:
    john = client.log_in(*JOHN)

    said = run(fresh, "user", "role", JOHN[0], "admin")

    assert said == "The account's role is now admin.\n"
    assert me(client, john) == 200


def test_a_reuse_can_be_explained_afterwards(fresh: Site, client: Client) -> None:
    stolen = client.log_in(*JOHN)
    newer = refresh(client, stolen)
    assert newer
    assert refresh(client, stolen) is None
    assert refresh(client, newer) is None

    told = events(fresh, "--session", number(stolen))

    assert [event["kind"] for event in told] == ["login", "refresh", "reuse"]
    assert told[-1] | {"at": ""} == {
        "at": "", "kind": "reuse", "by": "gatehouse", "account": 1, "session": number(stolen),
        "address": "127.0.0.1",
        "detail": "generation 0 presented, newest 1, last from 127.0.0.1"}
    shown = run(fresh, "events", "--session", number(stolen)).splitlines()
    assert shown[0].split() == ["AT", "KIND", "BY", "ACCOUNT", "SESSION", "ADDRESS", "DETAIL"]
    assert shown[-1].endswith(told[-1]["detail"])
    line = (
        "warning: a copy of a token was used, so its session was ended address=127.0.0.1 last-address=127.0.0.1"
        f" newest-generation=1 session={number(stolen)} token-generation=0")
    until(lambda: line in fresh.backend.log().splitlines(), "the log reports the reuse")


def test_events_are_filtered(fresh: Site, client: Client) -> None:
    john, mary = client.log_in(*JOHN), client.log_in(*MARY)
    client.send_json(
        "POST", "/api/auth/login", {"username": MARY[0], "password": "Wrong@1234"})

    def kinds(*filters: str) -> list[str]:
        return [event["kind"] for event in events(fresh, "--account", MARY[0], *filters)]

    assert kinds()[-2:] == ["login", "failed-login"]
    assert kinds("--limit", "1") == ["failed-login"]
    assert kinds("--session", number(john)) == []
    assert kinds("--session", number(mary)) == ["login"]
    assert set(kinds("--kind", "login", "logout")) == {"login"}
    assert kinds("--since", "1h") == kinds("--since", "2020-01-01T00:00Z") == kinds()
    assert kinds("--since", "2100-01-01") == []


def test_events_of_a_removed_account_are_found_by_its_number(fresh: Site, client: Client) -> None:
    run(fresh, "user", "add", "leaver@example.com", stdin="Leaver@1234\n")
    pair = client.log_in("leaver@example.com", "Leaver@1234")
    account = events(fresh, "--session", number(pair))[0]["account"]

    run(fresh, "user", "remove", "leaver@example.com")

    told = events(fresh, "--account", str(account))
    assert told[0]["kind"] == "added" and told[-1]["kind"] == "removed"
    assert number(pair) in [event["session"] for event in told]
    assert "no account" in refused(fresh, "events", "--account", "leaver@example.com")


def test_no_event_shows_a_token_or_an_email_address(fresh: Site, client: Client) -> None:
    pair = client.log_in(*JOHN)
    client.send_json(
        "POST", "/api/auth/login", {"username": "ghost@example.com", "password": "Ghost@1234"})

    shown = run(fresh, "events") + run(fresh, "events", "--json")

    assert "failed-login" in shown and "@" not in shown
    assert pair.access not in shown and pair.refresh not in shown


@pytest.mark.parametrize("arguments", [
    ("session", "list", "ghost@example.com"), ("session", "end", "--all", "ghost@example.com"),
    ("events", "--account", "ghost@example.com"), ("session", "end", "1")],
    ids=" ".join)
def test_an_unknown_account_or_session_is_an_error(arguments: tuple[str, ...], fresh: Site) -> None:
    error = refused(fresh, *arguments)
    assert error.startswith("gatehouse: no ") and error.count("\n") == 1


@pytest.mark.parametrize("arguments", [
    ("session", "end"), ("session", "end", "1", "--all", "john@example.com"),
    ("events", "--kind", "logon"), ("events", "--since", "yesterday"),
    ("events", "--limit", "0")], ids=" ".join)
def test_an_invalid_command_line_is_a_usage_error(
    arguments: tuple[str, ...], fresh: Site
) -> None:
    assert "Usage:" in refused(fresh, *arguments, status=64)
