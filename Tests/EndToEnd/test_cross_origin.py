"""What a page of another site cannot do with our cookies, through nginx as shipped."""

import pytest

from forgeries import Unchanged
from harness.client import Client, Headers, Tokens
from harness.nginx import ORIGIN
from harness.site import Site
from nginx_answers import is_problem

EVIL = "https://evil.example"
OWN = "https://localhost:{port}"
# (Sec-Fetch-Site, Origin, whether the request is allowed), as in Go's http.CrossOriginProtection.
ROWS = [
    (None, None, True),
    ("same-origin", None, True),
    ("same-origin", OWN, True),
    ("none", None, True),
    (None, OWN, True),
    (None, ORIGIN, True),
    ("cross-site", ORIGIN, True),
    ("same-site", ORIGIN, True),
    ("cross-site", None, False),
    ("cross-site", EVIL, False),
    ("same-site", EVIL, False),
    ("cross-site", OWN, False),
    ("what-comes-next", None, False),
    (None, EVIL, False),
    (None, "null", False),
    (None, "http://localhost:{port}", False),
    (None, OWN + ".evil.example", False),
    (None, "https://localhost", False),
]
JSON = ("Content-Type", "application/json")
NAMES = b'{"firstName":"Evil","lastName":"Writer"}'
UNSAFE = [
    ("POST", "/api/auth/refresh", "refreshToken", b""),
    ("POST", "/api/auth/refresh/logout", "refreshToken", b""),
    ("POST", "/api/auth/logout", "accessToken", b""),
    ("POST", "/api/auth/logout?all=true", "accessToken", b""),
    ("POST", "/api/auth/password", "accessToken",
     b'{"currentPassword":"Admin@123","newPassword":"Other@1234"}'),
    ("DELETE", "/api/auth/sessions/1", "accessToken", b""),
    ("POST", "/api/people", "accessToken", NAMES),
    ("PUT", "/api/people/1", "accessToken", NAMES),
    ("DELETE", "/api/people/1", "accessToken", b""),
    ("PUT", "/api/users/1", "accessToken", b'{"role":"admin"}'),
]


def marks(site: Site, fetch_site: str | None, origin: str | None) -> Headers:
    port = str(site.nginx.port)
    given = ("Sec-Fetch-Site", fetch_site), ("Origin", origin and origin.replace("{port}", port))
    return [(name, value) for name, value in given if value]


def cookie(pair: Tokens, name: str) -> tuple[str, str]:
    return "Cookie", f"{name}={pair.refresh if name == 'refreshToken' else pair.access}"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]}, {row[1]}")
def test_a_refresh_by_cookie_depends_on_the_origin(
    row: tuple, fresh: Site, client: Client, pair: Tokens
) -> None:
    *said, passes = row
    headers = [cookie(pair, "refreshToken"), *marks(fresh, *said)]
    if passes:
        assert client.request("POST", "/api/auth/refresh", headers).status == 200
        return
    with Unchanged(fresh):
        answer = client.request("POST", "/api/auth/refresh", headers)
        assert is_problem(answer, 403, "Cross-origin request refused")


@pytest.mark.parametrize("route", UNSAFE, ids=lambda route: f"{route[0]} {route[1]}")
def test_every_unsafe_request_with_our_cookie_is_refused(
    route: tuple, fresh: Site, client: Client, pair: Tokens
) -> None:
    method, path, name, body = route
    with Unchanged(fresh):
        for said in ("cross-site", EVIL), ("cross-site", None), (None, EVIL):
            answer = client.request(
                method, path, [JSON, cookie(pair, name), *marks(fresh, *said)], body)
            assert is_problem(answer, 403, "Cross-origin request refused")
        # A token in the Authorization header beside the cookie makes no difference.
        answer = client.request(method, path, [
            JSON, cookie(pair, name), *pair.bearer, *marks(fresh, "cross-site", EVIL)], body)
        assert answer.status == 403
    assert client.request("GET", "/api/auth/me", pair.bearer).status == 200


def test_reads_and_requests_without_cookies_are_allowed(
    fresh: Site, client: Client, pair: Tokens
) -> None:
    elsewhere = marks(fresh, "cross-site", EVIL)
    reads = client.request("GET", "/api/people", [cookie(pair, "accessToken"), *elsewhere])
    # Without a cookie, the request has no credentials that a browser adds on its own.
    writes = client.request(
        "POST", "/api/people", [JSON, *pair.bearer, *elsewhere], NAMES)

    assert (reads.status, writes.status) == (200, 201)


def test_no_other_site_signs_its_reader_in(fresh: Site, client: Client) -> None:
    """A page may send a form to any site, and the browser would store the response's cookies."""
    form = ("Content-Type", "application/x-www-form-urlencoded")
    body = b"username=john@example.com&password=John@123"
    with Unchanged(fresh):
        answer = client.request(
            "POST", "/api/auth/login", [form, *marks(fresh, "cross-site", EVIL)], body)
        assert is_problem(answer, 403, "Cross-origin request refused")
        assert not answer.cookies
    own = client.request("POST", "/api/auth/login", [form, *marks(fresh, "same-origin", OWN)], body)
    assert own.status == 200
