"""Responses that nginx sends by itself: errors, limits and cross-origin headers.

nginx refuses differently over HTTP/2, so every test runs over both versions.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection

import pytest

from harness.client import Client
from harness.nginx import ORIGIN
from harness.site import Site
from nginx_answers import is_problem, is_secured


@pytest.fixture(params=["HTTP/1.1", "HTTP/2"])
def http(request: pytest.FixtureRequest) -> str:
    """The version of HTTP."""
    return request.param


@contextmanager
def connected(site: Site, http: str) -> Iterator[Client]:
    client = site.http2_client() if http == "HTTP/2" else site.client()
    yield client
    client.close()


@pytest.fixture
def client(fresh: Site, http: str) -> Iterator[Client]:
    with connected(fresh, http) as client:
        yield client


def test_a_large_body_is_a_413_in_json(client: Client) -> None:
    answer = client.request(
        "POST", "/api/auth/login", [("Content-Type", "application/json")], b" " * 16385)
    assert is_problem(answer, 413, "Payload too large")


def test_a_large_chunked_body_is_a_413_in_json(client: Client) -> None:
    answer = client.request(
        "POST", "/api/auth/login", [("Content-Type", "application/json")], b" " * 20000, True)
    assert is_problem(answer, 413, "Payload too large")


@pytest.mark.parametrize("target", ["/api/people/%zz", "/api/people/%", "/%zz\"<x>"])
def test_a_bad_escape_is_a_400_in_json(target: str, client: Client) -> None:
    assert is_problem(client.request("GET", target), 400, "Bad request")


@pytest.mark.parametrize("target", ["/%00", "/../../etc/passwd", "//api/people", "/api/../x"])
def test_a_target_is_echoed_as_it_was_received(target: str, http: str, client: Client) -> None:
    answer = client.request("GET", target)
    if http == "HTTP/2" and target in ("/%00", "/../../etc/passwd"):
        # nginx rejects these, and over HTTP/2 it does not keep what it rejects.
        assert is_problem(answer, 400, "Bad request")
        return
    assert is_problem(answer, 404, "Route not found")
    assert answer.json["errors"] == [f"The requested route {target} does not exist"]


def test_a_large_header_is_rejected_in_json(fresh: Site) -> None:
    # Over HTTP/2 nginx ends the connection without a response (ENHANCE_YOUR_CALM).
    answer = fresh.client().request("GET", "/health", [("X-Long", "x" * 40_000)])
    assert answer.status in (400, 431) and answer.json["statusCode"] == answer.status


@pytest.mark.parametrize("method", ["TRACE", "CONNECT"])
def test_a_method_that_nginx_refuses_is_a_405_with_the_methods_that_are_allowed(
    method: str, client: Client
) -> None:
    answer = client.request(method, "/api/people")
    assert is_problem(answer, 405, "Method not allowed")
    assert answer.header("allow") == "GET, HEAD, PUT, PATCH, POST, DELETE, OPTIONS"


def test_plain_http_on_the_https_port_is_redirected_to_the_configured_name(fresh: Site) -> None:
    connection = HTTPConnection("127.0.0.1", fresh.nginx.port, timeout=10)
    connection.request("GET", "/people?q=x", headers={"Host": "evil.example"})
    answer = connection.getresponse()
    assert answer.status == 308
    assert answer.getheader("location") == f"https://localhost:{fresh.nginx.port}/people?q=x"


@pytest.fixture(scope="module")
def closed(site_for) -> Iterator[Site]:
    """A site with the shipped rate limits, whose backend a test can kill."""
    with site_for("closed", lift_rates=False, origins=(ORIGIN, "https://app.example.com")) as site:
        yield site


@pytest.mark.parametrize("path", ["login", "signup", "refresh"])
def test_too_many_attempts_are_a_429_that_says_when(path: str, http: str, closed: Site) -> None:
    with connected(closed, http) as client:
        for _ in range(200):
            answer = client.send_json("POST", f"/api/auth/{path}", {})
            if answer.status == 429:
                break
        assert is_problem(answer, 429, "Too many requests")
        assert int(answer.header("retry-after") or 0) > 0
        assert answer.header("cache-control") == "no-store"
        assert client.request("GET", "/health").status == 200


def test_an_unavailable_backend_is_a_502_in_json_that_a_page_can_read(
    http: str, closed: Site
) -> None:
    closed.backend.kill()
    try:
        with connected(closed, http) as client:
            for method in "GET", "POST", "DELETE":
                answer = client.request(method, "/api/people", [("Origin", ORIGIN)])
                assert is_problem(answer, 502, "Bad gateway")
                assert answer.header("cache-control") == "no-store"
    finally:
        closed.backend.start()


@pytest.mark.parametrize("origin", [
    ORIGIN, "https://app.example.com", "https://evil.example", "null", "",
    "https://app.example.com.evil.example", "http://localhost:42000"])
@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
def test_only_listed_origins_are_allowed(
    method: str, origin: str, http: str, closed: Site
) -> None:
    headers = [("Origin", origin)] if origin else []
    with connected(closed, http) as client:
        answer = client.request(method, "/api/people", headers)

    allowed = answer.header("access-control-allow-origin")
    assert allowed == (origin if "app.example.com" == origin[8:] else ORIGIN)
    assert answer.header("access-control-allow-credentials") == "true"
    assert "origin" in (answer.header("vary") or "").lower()


@pytest.mark.parametrize("target", ["/api/auth/login", "/api/people/1", "/health", "/", "/nope"])
def test_a_preflight_is_a_204_that_echoes_the_requested_headers(
    target: str, client: Client
) -> None:
    answer = client.request("OPTIONS", target, [
        ("Origin", ORIGIN), ("Access-Control-Request-Method", "PUT"),
        ("Access-Control-Request-Headers", "content-type,x-own")])
    assert (answer.status, answer.body) == (204, b"")
    assert answer.header("access-control-allow-methods") == "GET,HEAD,PUT,PATCH,POST,DELETE"
    assert answer.header("access-control-allow-headers") == "content-type,x-own"
    assert answer.header("vary") == "Origin, Access-Control-Request-Headers"
    assert is_secured(answer)
