"""What an administrator sets for all sites, in nginx.conf, does not reach Gatehouse's responses."""

import re
from collections.abc import Callable, Iterator
from http.client import HTTPConnection

import pytest

from harness.client import Answer, Client
from harness.nginx import ORIGIN
from harness.site import Site

FOR_ALL_SITES = """
    gzip on; gzip_types *; gzip_min_length 1; gzip_proxied any;
    expires max;
    charset utf-8; charset_types *; override_charset on;
    auth_basic closed; auth_basic_user_file {directory}/users;
    fastcgi_cache_path {directory}/temp/cache keys_zone=shared:1m;
    fastcgi_cache shared; fastcgi_cache_key $uri; fastcgi_cache_methods GET HEAD POST;
    fastcgi_cache_valid any 10m;
    fastcgi_ignore_headers Cache-Control Expires Set-Cookie Vary;
    fastcgi_hide_header Set-Cookie; fastcgi_hide_header Cache-Control;
    fastcgi_intercept_errors on; fastcgi_force_ranges on; fastcgi_buffering off;
    fastcgi_pass_request_headers off; fastcgi_pass_request_body off;
    add_header X-Theirs yes always;
    error_page 400 401 403 404 405 413 429 502 /theirs.html;
    recursive_error_pages on;
    ssi on; ssi_types *; autoindex on; userid on; mirror /mirror;
    include gatehouse.conf;
"""

# These differ between any two responses, or between any two sites.
OF_THE_MOMENT = {"date", "x-request-id", "content-length", "last-modified", "location"}


@pytest.fixture(scope="module")
def plain(site_for: Callable[..., Site]) -> Iterator[Site]:
    with site_for("alone") as site:
        yield site


@pytest.fixture(scope="module")
def shared(site_for: Callable[..., Site]) -> Iterator[Site]:
    """A site in an nginx whose other sites have settings of their own."""
    site: Site = site_for("shared")
    main = site.nginx.configuration / "nginx.conf"
    main.write_text(main.read_text().replace(
        "include gatehouse.conf;", FOR_ALL_SITES.format(directory=site.directory)))
    with site:
        yield site


def seen(answer: Answer) -> tuple[int, dict[str, list[str]], bytes]:
    """A response without what differs anyway: times, numbers and tokens."""
    headers: dict[str, list[str]] = {}
    for name, value in answer.headers:
        if name.lower() not in OF_THE_MOMENT:
            value = re.sub(r"=ey[\w.-]+|device=[\w-]+|Expires=[^;]+|Max-Age=\d+", "=…", value)
            headers.setdefault(name.lower(), []).append(value)
    times = rb"ey[\w.-]{20,}|\"timestamp\":\"[^\"]+\"|[\d.]+(?=,\"environment)"
    body = re.sub(times, b"", answer.body)
    return answer.status, headers, body


def responses(site: Site, open_client: Callable[[], Client]) -> Iterator[tuple[str, Answer]]:
    """Every kind of response: with a token, of a person, of the page, and of nginx itself."""
    site.database.reset()
    client = open_client()

    def ask(method: str, target: str, headers: list[tuple[str, str]] = [], **more) -> Answer:
        accepted = [("Accept-Encoding", "gzip, deflate, br"), ("Origin", ORIGIN), *headers]
        return client.request(method, target, accepted, **more)

    def send(target: str, content: bytes, headers: list[tuple[str, str]] = []) -> Answer:
        return ask(
            "POST", target, [("Content-Type", "application/json"), *headers], body=content)

    yield "login", send(
        "/api/auth/login", b'{"username":"admin@example.com","password":"Admin@123"}')
    admin = client.log_in("admin@example.com", "Admin@123")
    john = client.log_in("john@example.com", "John@123")
    for name, caller in ("admin", admin.bearer), ("john", john.bearer), ("nobody", []):
        for target in "/api/auth/me", "/api/people", "/api/users":
            yield f"{target} by {name}", ask("GET", target, caller)
    yield "a range", ask("GET", "/api/people", [("Range", "bytes=0-3"), *john.bearer])
    yield "refresh", ask("POST", "/api/auth/refresh", john.cookie)
    yield "logout", ask("POST", "/api/auth/logout", admin.bearer)
    yield "wrong password", send(
        "/api/auth/login", b'{"username":"john@example.com","password":"Wrong@123"}')
    yield "signup", send(
        "/api/auth/signup", b'{"email":"new@example.com","password":"Passw0rd!"}')
    yield "health", ask("GET", "/health")
    yield "preflight", ask("OPTIONS", "/api/auth/me")
    yield "unknown route", ask("GET", "/api/nope")
    yield "unknown file", ask("GET", "/nope.js")
    yield "bad escape", ask("GET", "/%zz")
    yield "above the root", ask("GET", "/../x")
    yield "TRACE", ask("TRACE", "/")
    yield "too large", send("/api/auth/login", b" " * 20_000)
    yield "the page", ask("GET", "/", [("Accept", "text/html")])
    yield "a folder", ask("GET", "/views/")
    site.backend.kill()
    yield "no backend", ask("GET", "/health")
    site.backend.start()
    client.close()


@pytest.mark.parametrize("version", ["HTTP/1.1", "HTTP/2"])
def test_every_response_is_as_on_an_nginx_without_other_sites(
    version: str, plain: Site, shared: Site
) -> None:
    def all_of(site: Site) -> dict[str, tuple[int, dict[str, list[str]], bytes]]:
        opened = site.http2_client if version == "HTTP/2" else site.client
        return {name: seen(answer) for name, answer in responses(site, opened)}

    expected = all_of(plain)
    assert expected["login"][0] == expected["/api/auth/me by john"][0] == 200
    assert expected["signup"][0] == 201
    assert expected["no backend"][0] == 502
    found = all_of(shared)
    for name, response in expected.items():
        assert found[name] == response, name


def test_plain_http_on_the_https_port_is_redirected_likewise(plain: Site, shared: Site) -> None:
    def redirect(site: Site) -> tuple[int, dict[str, str]]:
        connection = HTTPConnection("127.0.0.1", site.nginx.port, timeout=10)
        connection.request("GET", "/")
        answer = connection.getresponse()
        kept = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, {
            name: value for name, value in kept.items() if name not in OF_THE_MOMENT}

    assert redirect(shared) == redirect(plain)
