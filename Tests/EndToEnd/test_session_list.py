"""Users list their own sessions and end them."""

import time
from calendar import timegm

from harness.client import Client, Headers, Tokens
from harness.site import Site
from nginx_answers import is_problem

JOHN = {"username": "john@example.com", "password": "John@123"}
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like"
    " Gecko) Version/18.5 Mobile/15E148 Safari/604.1")


def log_in(site: Site, agent: str, address: str) -> Tokens:
    answer = site.client(address=address).send_json(
        "POST", "/api/auth/login", JOHN, [("User-Agent", agent)])
    return Tokens(answer.json["accessToken"], answer.json["refreshToken"])


def sessions(client: Client, pair: Tokens) -> list[dict]:
    answer = client.request("GET", "/api/auth/sessions", pair.bearer)
    assert answer.status == 200, answer.body
    return answer.json


def seconds(moment: str) -> float:
    whole, _, milliseconds = moment.removesuffix("Z").partition(".")
    return timegm(time.strptime(whole, "%Y-%m-%dT%H:%M:%S")) + int(milliseconds) / 1000


def test_a_user_sees_where_they_are_signed_in(fresh: Site, client: Client) -> None:
    laptop = log_in(fresh, FIREFOX, "127.0.0.9")
    phone = log_in(fresh, IPHONE, "127.0.0.5")
    script = log_in(fresh, "<script>alert(1)</script>", "127.0.0.1")
    client.log_in("mary@example.com", "Mary@1234")

    listed = sessions(client, laptop)

    assert [session["device"] for session in listed] == ["", "Safari on iPhone", "Firefox on Linux"]
    assert [session["address"] for session in listed] == ["127.0.0.1", "127.0.0.5", "127.0.0.9"]
    assert [session["current"] for session in listed] == [False, False, True]
    for session in listed:
        assert session.keys() == {"id", "created", "lastSeen", "address", "device", "current"}
        assert session["id"].isdecimal() and isinstance(session["id"], str)
        assert abs(seconds(session["created"]) - time.time()) < 10
        assert seconds(session["created"]) <= seconds(session["lastSeen"])
    assert [session["current"] for session in sessions(client, phone)] == [False, True, False]
    assert sessions(client, script)[0]["current"]


def test_a_refresh_updates_the_address_and_the_device(fresh: Site, client: Client) -> None:
    pair = log_in(fresh, FIREFOX, "127.0.0.9")
    headers: Headers = [*pair.cookie, ("User-Agent", IPHONE)]
    moved = fresh.client(address="127.0.0.5").request("POST", "/api/auth/refresh", headers)
    pair = Tokens(moved.json["accessToken"], moved.json["refreshToken"])

    session, = sessions(client, pair)

    assert (session["address"], session["device"]) == ("127.0.0.5", "Safari on iPhone")


def test_a_person_ends_their_own_sessions_and_nobody_elses(fresh: Site, client: Client) -> None:
    laptop, phone = [client.log_in(**JOHN) for _ in range(2)]
    mary = client.log_in("mary@example.com", "Mary@1234")
    lost, = [s["id"] for s in sessions(client, laptop) if not s["current"]]

    for number in lost, "1", "0", "01", "x", "9" * 40:
        answer = client.request("DELETE", f"/api/auth/sessions/{number}", mary.bearer)
        assert is_problem(answer, 404, "Session not found")
    ended = client.request("DELETE", f"/api/auth/sessions/{lost}", laptop.bearer)
    again = client.request("DELETE", f"/api/auth/sessions/{lost}", laptop.bearer)

    assert (ended.status, ended.body, ended.cookies) == (204, b"", {})
    assert is_problem(again, 404, "Session not found")
    assert client.request("GET", "/api/auth/me", phone.bearer).status == 403
    assert [session["current"] for session in sessions(client, laptop)] == [True]


def test_ending_the_current_session_clears_the_cookies(client: Client) -> None:
    pair = client.log_in(**JOHN)
    own, = sessions(client, pair)

    answer = client.request("DELETE", f"/api/auth/sessions/{own['id']}", pair.bearer)

    assert answer.status == 204
    assert {name: cookie.value for name, cookie in answer.cookies.items()} == {
        "accessToken": "", "refreshToken": ""}
    assert client.request("GET", "/api/auth/me", pair.bearer).status == 403


def test_the_oldest_session_ends_where_there_are_too_many(site_for) -> None:
    with site_for("bounded", {"GATEHOUSE_SESSIONS_PER_ACCOUNT": "3"}) as site:
        client = site.client()
        pairs = [client.log_in(**JOHN) for _ in range(5)]
        mary = client.log_in("mary@example.com", "Mary@1234")

        statuses = [client.request("GET", "/api/auth/me", pair.bearer).status
                    for pair in [*pairs, mary]]
        assert statuses == [403, 403, 200, 200, 200, 200]
        assert len(sessions(client, pairs[4])) == 3


def test_a_user_can_log_out_after_the_access_token_has_expired(fresh: Site, client: Client) -> None:
    """With the refresh cookie, which browsers do not send to /api/auth/logout."""
    pair, other = [client.log_in(**JOHN) for _ in range(2)]
    before = client.request("POST", "/api/auth/refresh/logout", pair.cookie)
    after = client.request("POST", "/api/auth/refresh/logout", pair.cookie)

    for answer in before, after:
        assert answer.status == 200 and answer.cookies["accessToken"].value == ""
    assert client.request("GET", "/api/auth/me", pair.bearer).status == 403
    assert client.request("GET", "/api/auth/me", other.bearer).status == 200
    bare = client.request("POST", "/api/auth/refresh/logout")
    assert is_problem(bare, 401, "refreshToken is not provided")
