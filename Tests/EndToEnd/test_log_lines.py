"""Each event is exactly one log line, whatever a client sends."""

import re
from collections.abc import Iterator

import pytest

from harness import fastcgi
from harness.client import Client
from harness.polling import until
from harness.site import Site

# Input that could end a line, forge one, move a terminal's cursor, or end a quotation.
ODD = [
    "x\r\nerror: request failed", "x\n<3>gatehouse: out of memory", "\x1b[2J\x1b]0;x\x07",
    'x" status=200 route="GET /', "x\\", "\u2028error: x", "\x00", "\x7f\x80\xff"]

OURS = re.compile(
    rb"(?:<[0-7]>|(?:trace|debug|info|notice|warning|error|critical): )[a-zA-Z][^\x00-\x1f\x7f]*")
# remote, time, request, "method path protocol", status, bytes, two times, "program".
NGINX = re.compile(
    rb'\S+ \[\S+\] [0-9a-f]{32} "[^"\x00-\x1f\x7f-\xff]*" \d{3} \d+ [\d.]+ [\d., -]+ '
    rb'"[^"\x00-\x1f\x7f-\xff]*"')


@pytest.fixture(scope="module", params=["terminal", "journal"])
def site(site_for, request: pytest.FixtureRequest) -> Iterator[Site]:
    settings = {"JOURNAL_STREAM": "8:1"} if request.param == "journal" else {}
    with site_for(f"lines-{request.param}", settings) as site:
        yield site


def ask_oddly(site: Site, client: Client) -> None:
    path = site.backend.socket_path
    for odd in ODD:
        for content in (
                {"username": odd, "password": odd}, {"email": odd, "password": odd}):
            for target in "/api/auth/login", "/api/auth/signup":
                assert client.send_json("POST", target, content).status in (400, 401)
        # Bypasses nginx, which rejects most of this: a client of the socket may send anything.
        for name in (
                "REQUEST_URI", "QUERY_STRING", "HTTP_USER_AGENT", "HTTP_COOKIE", "HTTP_ORIGIN",
                "REQUEST_METHOD", "CONTENT_TYPE", "REMOTE_ADDR", "HTTP_AUTHORIZATION",
                "REQUEST_ID"):
            with fastcgi.Peer(path) as peer:
                peer.send(fastcgi.request("GET", "/api/people", {name: odd}))
                peer.read()
        with fastcgi.Peer(path) as peer:
            peer.send(odd.encode() * 4)
            peer.socket.shutdown(1)
            peer.read()
    # These go through nginx, which writes its own access log.
    for target in "/%0d%0aerror:%20x", "/api/%1b[2J", "/%22%20200%20", "/api/%00", "/\u00e9":
        client.raw(
            f"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            f"User-Agent: x\" \\ \x1b[2J\u00e9\r\n\r\n".encode(), 1)


def test_no_request_can_split_or_forge_a_log_line(site: Site) -> None:
    client = site.client()
    begun = len(site.backend.log_path.read_bytes())
    ask_oddly(site, client)
    last = client.request("GET", "/health").header("x-request-id") or "-"
    access = site.directory / "nginx-access.log"
    for log in access, site.backend.log_path:
        until(lambda: last in log.read_text(errors="replace"), f"{last} is in {log.name}")

    ours = site.backend.log_path.read_bytes()[begun:].split(b"\n")
    assert len(ours) > 100 and ours.pop() == b""
    assert [line for line in ours if not OURS.fullmatch(line)] == []
    # No input forged a field: `status` occurs at most once a line, outside of quotation marks.
    plain = [re.sub(rb'"(?:\\.|[^"\\])*"', b'""', line) for line in ours]
    assert [line for line in plain if line.count(b" status=") > 1 or b'"" status=""' in line] == []
    assert not [line for line in ours if line.startswith((b"<3>gatehouse", b"error: request"))]

    lines = access.read_bytes().split(b"\n")
    assert lines.pop() == b"" and [line for line in lines if not NGINX.fullmatch(line)] == []
