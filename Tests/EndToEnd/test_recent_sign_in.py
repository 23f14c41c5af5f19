"""Changes of accounts need a login within the last 10 minutes; forms without JavaScript log in."""

import pytest

from harness.client import Answer, Client, Tokens
from harness.site import Site

ADMIN = ("admin@example.com", "Admin@123")
FORM = ("Content-Type", "application/x-www-form-urlencoded")
NAVIGATION = [("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Mode", "navigate"), FORM]


def change(client: Client, pair: Tokens, content: dict) -> Answer:
    return client.send_json("PUT", "/api/users/1", content, pair.bearer)


@pytest.mark.parametrize("content", [{"role": "admin"}, {"disabled": True}])
def test_an_old_session_of_an_administrator_changes_no_account(
    content: dict, fresh: Site, client: Client, pair: Tokens
) -> None:
    fresh.database.age_sessions(601)
    refreshed = client.request("POST", "/api/auth/refresh", pair.cookie).json
    copied = Tokens(refreshed["accessToken"], refreshed["refreshToken"])

    answer = change(client, copied, content)

    assert (answer.status, answer.json["message"]) == (403, "Recent sign-in required")
    assert "10 minutes" in answer.json["errors"][0]
    assert fresh.database.execute("SELECT role, is_disabled FROM accounts WHERE id = 1") == [
        ("user", 0)]
    assert fresh.database.execute("SELECT account_id FROM events WHERE kind = 'refused'") == [(3,)]
    # A program logs in and repeats the request.
    assert change(client, client.log_in(*ADMIN), content).status == 204


def test_an_old_session_ends_no_other_but_can_log_out(
    fresh: Site, client: Client, pair: Tokens
) -> None:
    client.log_in(*ADMIN)
    (other,) = [
        session["id"] for session in client.request("GET", "/api/auth/sessions", pair.bearer).json
        if not session["current"]]
    fresh.database.age_sessions(601)

    answer = client.request("DELETE", f"/api/auth/sessions/{other}", pair.bearer)
    assert (answer.status, answer.json["message"]) == (403, "Recent sign-in required")
    assert len(client.request("GET", "/api/auth/sessions", pair.bearer).json) == 2

    assert client.request("POST", "/api/auth/logout?all=true", pair.bearer).status == 200


def test_a_form_login_without_javascript_shows_no_token(fresh: Site, client: Client) -> None:
    body = b"username=john%40example.com&password=John%40123"
    answer = client.request("POST", "/api/auth/login", NAVIGATION, body)

    assert (answer.status, answer.body) == (303, b"")
    assert answer.header("Location") in ("/", f"https://localhost:{fresh.nginx.port}/")
    assert answer.cookies.keys() == {"accessToken", "refreshToken", "device"}
    me = client.request(
        "GET", "/api/auth/me", [("Cookie", f"accessToken={answer.cookies['accessToken'].value}")])
    assert me.status == 200
    wrong = client.request("POST", "/api/auth/login", NAVIGATION, body + b"x")
    assert (wrong.status, wrong.json["message"]) == (401, "Invalid username or password")


def test_a_password_change_ends_a_copied_session(
    fresh: Site, client: Client, pair: Tokens
) -> None:
    passwords = {"currentPassword": "Admin@123", "newPassword": "Other@1234"}
    answer = client.send_json("POST", "/api/auth/password", passwords, [
        ("Cookie", f"accessToken={pair.access}"), ("Sec-Fetch-Site", "same-origin")])

    assert answer.status == 200
    assert answer.json["message"] == "Password is changed"
    for name, key in ("accessToken", "accessToken"), ("refreshToken", "refreshToken"):
        assert answer.cookies[name].value == answer.json[key]
    assert client.request("GET", "/api/auth/me", pair.bearer).status == 403
    assert client.request("POST", "/api/auth/refresh", pair.cookie).status == 400
    new = Tokens(answer.json["accessToken"], answer.json["refreshToken"])
    assert client.request("GET", "/api/auth/me", new.bearer).status == 200
    assert client.request("POST", "/api/auth/refresh", new.cookie).status == 200
