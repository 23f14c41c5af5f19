"""nginx drops the headers of browsers and proxies that Gatehouse does not read."""

import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.certificates import Authority
from harness.client import Client
from harness.fastcgi import END, PARAMS, STDIN, STDOUT, record
from harness.http2 import Http2Client
from harness.nginx import Nginx

# From a browser, with what else Gatehouse reads, and one header that CGI programs must not get.
HEADERS = {
    "User-Agent": "Mozilla/5.0", "Accept": "application/json", "Accept-Language": "en",
    "Accept-Encoding": "gzip, br", "Referer": "https://localhost/people", "Priority": "u=4",
    "Cookie": "accessToken=one", "Authorization": "Bearer two", "Origin": "https://localhost",
    "Sec-Fetch-Dest": "empty", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "same-origin",
    "Sec-CH-UA": '"Chromium";v="140"', "Content-Type": "application/json", "If-Match": '"a"',
    "Content-Encoding": "gzip", "Idempotency-Key": "three", "If-None-Match": '"b"',
    "Proxy": "http://evil.example/", "X-Forwarded-For": "198.51.100.1",
}
PASSED = [
    "User-Agent", "Cookie", "Authorization", "Origin", "Sec-Fetch-Mode", "Sec-Fetch-Site",
    "If-Match", "Content-Encoding", "Idempotency-Key", "If-None-Match"]


class Recorder:
    """A responder that keeps the parameters of each request and answers 204."""

    def __init__(self, path: Path):
        self.requests: list[dict[str, list[str]]] = []
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(path))
        self.listener.listen()
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        while True:
            try:
                connection = self.listener.accept()[0]
            except OSError:
                return
            threading.Thread(target=self.answer, args=[connection], daemon=True).start()

    def answer(self, connection: socket.socket) -> None:
        stream = connection.makefile("rb")
        parameters = b""
        while head := stream.read(8):
            _, kind, number, size, padding = struct.unpack("!BBHHBx", head)
            content = stream.read(size + padding)[:size]
            if kind == PARAMS:
                parameters += content
            elif kind == STDIN and not content:
                self.requests.append(self.pairs(parameters))
                parameters = b""
                connection.sendall(
                    record(STDOUT, b"Status: 204\r\n\r\n", number)
                    + record(STDOUT, request=number) + record(END, bytes(8), number))

    @staticmethod
    def pairs(content: bytes) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        while content:
            sizes = []
            for _ in range(2):
                long = content[0] >> 7
                size = struct.unpack("!I", content[:4])[0] & 0x7FFF_FFFF if long else content[0]
                sizes.append(size)
                content = content[4 if long else 1:]
            name, value = content[:sizes[0]], content[sizes[0]:sum(sizes)]
            found.setdefault(name.decode(), []).append(value.decode())
            content = content[sum(sizes):]
        return found


@pytest.fixture
def recorded(tmp_path: Path, authority: Authority) -> Iterator[tuple[Nginx, Recorder]]:
    recorder = Recorder(tmp_path / "backend.sock")
    nginx = Nginx(tmp_path, tmp_path / "backend.sock", authority)
    nginx.start()
    try:
        yield nginx, recorder
    finally:
        nginx.stop()
        recorder.listener.close()


@pytest.mark.parametrize("kind", [Client, Http2Client], ids=["HTTP/1.1", "HTTP/2"])
def test_the_headers_of_a_browser_reach_gatehouse_only_if_it_reads_them(
    kind: type, recorded: tuple[Nginx, Recorder], authority: Authority
) -> None:
    nginx, recorder = recorded
    client = kind(nginx.port, authority.certificate)
    client.request("PUT", "/api/people/1?a=b", list(HEADERS.items()), body=b"{}")

    seen = recorder.requests[0]
    assert seen.pop("REQUEST_METHOD") == ["PUT"]
    assert seen.pop("REQUEST_URI") == ["/api/people/1?a=b"]
    assert seen.pop("REMOTE_ADDR") == ["127.0.0.1"]
    assert seen.pop("HTTPS") == ["on"]
    assert seen.pop("CONTENT_TYPE") == ["application/json"]
    assert seen.pop("CONTENT_LENGTH") == ["2"]
    assert seen.pop("HTTP_HOST")[0].startswith("localhost")
    assert len(seen.pop("REQUEST_ID")[0]) == 32
    assert seen == {
        "HTTP_" + name.upper().replace("-", "_"): [HEADERS[name]] for name in PASSED}


def test_a_header_that_is_missing_is_no_parameter(
    recorded: tuple[Nginx, Recorder], authority: Authority
) -> None:
    nginx, recorder = recorded
    Client(nginx.port, authority.certificate).request("GET", "/health", [])

    assert recorder.requests[0].keys() == {
        "REQUEST_METHOD", "REQUEST_URI", "REMOTE_ADDR", "HTTPS", "HTTP_HOST", "REQUEST_ID"}


@pytest.mark.parametrize("name", ["Idempotency-Key", "If-Match"])
def test_an_empty_header_arrives_empty(
    name: str, recorded: tuple[Nginx, Recorder], authority: Authority
) -> None:
    """Otherwise Gatehouse could not refuse it, and would change what the client protected."""
    nginx, recorder = recorded
    Client(nginx.port, authority.certificate).request("PUT", "/api/people/1", [(name, "")], b"{}")

    assert recorder.requests[0]["HTTP_" + name.upper().replace("-", "_")] == [""]
