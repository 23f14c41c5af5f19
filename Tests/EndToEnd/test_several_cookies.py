"""Another program of the domain has set a cookie with the name of ours, and it comes first."""

import pytest

from harness.client import Answer, Client, Headers, Tokens
from harness.site import Site

FOREIGN = "of-another-application"
SAME_ORIGIN = ("Sec-Fetch-Site", "same-origin")


def with_cookies(name: str, *values: str) -> Headers:
    return [SAME_ORIGIN, ("Cookie", "; ".join(f"{name}={value}" for value in values))]


def refresh(client: Client, *values: str) -> Answer:
    return client.request("POST", "/api/auth/refresh", with_cookies("refreshToken", *values))


@pytest.mark.parametrize("first", [FOREIGN, "", "a.b.c", "%zz"])
def test_a_person_works_beside_a_foreign_cookie(
    first: str, fresh: Site, client: Client, pair: Tokens
) -> None:
    me = client.request("GET", "/api/auth/me", with_cookies("accessToken", first, pair.access))
    answer = refresh(client, first, pair.refresh)

    assert (me.status, answer.status) == (200, 200)
    assert answer.cookies.keys() == {"accessToken", "refreshToken"}
    again = with_cookies("accessToken", first, answer.json["accessToken"])
    assert client.request("GET", "/api/auth/me", again).status == 200


def test_two_cookie_fields_are_like_one(fresh: Site, client: Client, pair: Tokens) -> None:
    fields = [("Cookie", f"accessToken={FOREIGN}"), ("Cookie", f"accessToken={pair.access}")]

    assert client.request("GET", "/api/auth/me", fields).status == 200


def test_a_rotated_cookie_beside_the_good_one_ends_nothing(
    fresh: Site, client: Client, pair: Tokens
) -> None:
    tokens = [pair.refresh]
    for _ in range(3):
        answer = client.request(
            "POST", "/api/auth/refresh", [("Cookie", f"refreshToken={tokens[-1]}")])
        tokens.append(answer.json["refreshToken"])

    for cookies in [tokens[0], tokens[-1]], [tokens[2], tokens[0], tokens[-1]]:
        answer = refresh(client, *cookies)
        assert answer.status == 200
        tokens.append(answer.json["refreshToken"])
    assert fresh.database.execute("SELECT count(*) FROM events WHERE kind = 'reuse'") == [(0,)]

    # Alone, or beside bad ones, it is what it was: a copy.
    assert refresh(client, FOREIGN, tokens[0]).status == 400
    assert refresh(client, tokens[-1]).status == 400


def test_a_logout_ends_the_session_behind_a_foreign_cookie(
    fresh: Site, client: Client, pair: Tokens
) -> None:
    other = client.log_in("admin@example.com", "Admin@123")
    answer = client.request(
        "POST", "/api/auth/refresh/logout",
        with_cookies("refreshToken", FOREIGN, other.refresh, pair.refresh))

    assert answer.status == 200
    for tokens in other, pair:
        assert client.request("GET", "/api/auth/me", tokens.bearer).status == 403


def test_a_bad_cookie_logs_no_one_out(fresh: Site, client: Client, pair: Tokens) -> None:
    forged = pair.refresh[:-4] + "AAAA"
    answer = client.request(
        "POST", "/api/auth/refresh/logout", with_cookies("refreshToken", FOREIGN, forged))

    assert answer.status == 401
    assert client.request("GET", "/api/auth/me", pair.bearer).status == 200
