"""Peers that violate the FastCGI protocol do not affect other connections."""

import random
import struct
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from harness import scale
from harness.client import Client
from harness.fastcgi import (
    ABORT, AUTHORIZER, BEGIN, DATA, FILTER, GET_VALUES, PARAMS, STDIN, Peer, begin, output, pairs,
    parameters, record, request)
from harness.polling import until
from harness.processes import open_descriptors
from harness.site import Site

# Longer than any response takes; shorter than any timeout that could block a worker.
PROMPT = 1.0
# More connections than there are workers.
CROWD = 16

COMPLETE = pairs(parameters("GET", "/health"))
HEAD = begin() + record(PARAMS, COMPLETE)
LOGIN = {"CONTENT_TYPE": "application/json", "CONTENT_LENGTH": "1000"}

BROKEN = {
    "garbage": b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n",
    "zeros": bytes(4096),
    "another version": record(BEGIN, struct.pack("!HB5x", 1, 0), version=9),
    "an unknown record": record(99, b"?") + request("GET", "/health"),
    "a record longer than sent": struct.pack("!BBHHBx", 1, PARAMS, 1, 65535, 0) + b"x",
    "PARAMS before BEGIN": record(PARAMS, COMPLETE) + record(PARAMS) + record(STDIN),
    "a begin that is too short": record(BEGIN, b"\0"),
    "no parameters": begin() + record(PARAMS) + record(STDIN),
    "a parameter longer than its record": (
        begin() + record(PARAMS, b"\x05\x7fA") + record(PARAMS) + record(STDIN)),
    "a name length without its bytes": (
        begin() + record(PARAMS, b"\x80\x00") + record(PARAMS) + record(STDIN)),
    "another request's parameters": (
        begin() + record(PARAMS, COMPLETE, request=2) + record(PARAMS, request=2)),
    "no end of parameters": HEAD + record(STDIN),
    "a NUL in a value": (
        begin() + record(PARAMS, pairs(parameters("GET", "/health\0x"))) + record(PARAMS)
        + record(STDIN)),
    "no method": (
        begin() + record(PARAMS, pairs({"REQUEST_URI": "/health"})) + record(PARAMS)
        + record(STDIN)),
    "a length that is no number": request("POST", "/api/auth/login", LOGIN | {
        "CONTENT_LENGTH": "many"}),
    "a negative length": request("POST", "/api/auth/login", LOGIN | {"CONTENT_LENGTH": "-1"}),
    "a body shorter than its length": request("POST", "/api/auth/login", LOGIN),
    "an authorizer's request": begin(AUTHORIZER) + HEAD[16:] + record(PARAMS) + record(STDIN),
    "a filter's request": begin(FILTER) + HEAD[16:] + record(PARAMS) + record(STDIN) + record(DATA),
    "a role of none": begin(77) + HEAD[16:] + record(PARAMS) + record(STDIN),
    "an abort": HEAD + record(ABORT),
    "a question about values": record(GET_VALUES, pairs({"FCGI_MAX_CONNS": ""}), request=0),
}


@pytest.fixture(scope="module")
def guarded(site_for) -> Iterator[Site]:
    with site_for("peers") as site:
        yield site


def answers_promptly(site: Site) -> None:
    """Checks that a valid request on a new connection, without nginx, gets a quick response."""
    started = time.monotonic()
    with Peer(site.backend.socket_path) as peer:
        peer.send(request("GET", "/health"))
        answer = output(peer.read())
    waited = time.monotonic() - started
    assert b"API is running" in answer, answer
    assert waited < PROMPT, f"waited {waited:.3f} s"


@pytest.mark.parametrize("what", BROKEN)
def test_invalid_records_do_not_delay_other_connections(what: str, guarded: Site) -> None:
    backend = guarded.backend
    with ExitStack() as stack:
        peers = [stack.enter_context(Peer(backend.socket_path)) for _ in range(CROWD)]
        for peer in peers:
            peer.send(BROKEN[what])
        for _ in range(5):
            answers_promptly(guarded)
    assert backend.is_running


STALLED = {
    "before its first byte": b"",
    "inside a record's header": begin()[:3],
    "after BEGIN": begin(),
    "inside the parameters": HEAD[:-20],
    "before the parameters' end": HEAD,
    "before its body": HEAD + record(PARAMS),
    "inside its body": (
        begin() + record(PARAMS, pairs(parameters("POST", "/api/auth/login", LOGIN)))
        + record(PARAMS) + record(STDIN, b'{"user')),
}


@pytest.mark.parametrize("where", STALLED)
def test_a_stalled_peer_does_not_delay_other_connections(where: str, guarded: Site) -> None:
    with ExitStack() as stack:
        for _ in range(CROWD):
            stack.enter_context(Peer(guarded.backend.socket_path)).send(STALLED[where])
        for _ in range(10):
            answers_promptly(guarded)


@pytest.mark.parametrize("where", STALLED)
def test_a_peer_that_leaves_is_forgotten(where: str, guarded: Site) -> None:
    process = guarded.backend.process.pid
    before = open_descriptors(process)
    for _ in range(50):
        with Peer(guarded.backend.socket_path) as peer:
            peer.send(STALLED[where])
    answers_promptly(guarded)
    until(lambda: open_descriptors(process) <= before + 2, "the server closes its descriptors")


def test_a_peer_that_never_reads_does_not_delay_other_connections(guarded: Site) -> None:
    """It occupies a worker until the send times out; nginx, the only real peer, always reads."""
    database = guarded.database
    database.execute("BEGIN")
    for _ in range(20_000):  # more than the socket's buffer can hold
        database.execute(
            "INSERT INTO people (first_name, last_name) VALUES (?, ?)", "F" * 30, "L" * 30)
    database.execute("COMMIT")
    pair = guarded.client().log_in("john@example.com", "John@123")
    with Peer(guarded.backend.socket_path) as peer:
        peer.send(request("GET", "/api/people", {"HTTP_AUTHORIZATION": f"Bearer {pair.access}"}))
        for _ in range(10):
            answers_promptly(guarded)
    database.reset()


@pytest.mark.parametrize("more", [
    pytest.param({"HTTP_X_LONG": "x" * 200_000}, id="200 kB"),
    pytest.param({"HTTP_X_LONG": "x" * 5_000_000}, id="5 MB"),
    pytest.param({f"HTTP_X_{n}": "" for n in range(10_000)}, id="10,000 of them"),
])
def test_oversized_parameters_are_refused(more: dict[str, str], guarded: Site) -> None:
    content = pairs(parameters("GET", "/health", more))
    pieces = [content[at:at + 65535] for at in range(0, len(content), 65535)]
    with Peer(guarded.backend.socket_path) as peer:
        peer.send(begin() + b"".join(record(PARAMS, piece) for piece in pieces))
        peer.send(record(PARAMS) + record(STDIN))
        answer = output(peer.read())
    assert b"API is running" not in answer
    answers_promptly(guarded)


def test_a_proxy_header_is_no_variable(guarded: Site) -> None:
    """httpoxy: a Proxy header arrives as HTTP_PROXY and must be dropped."""
    with Peer(guarded.backend.socket_path) as peer:
        peer.send(request("GET", "/health", {"HTTP_PROXY": "http://evil.example/"}))
        assert b"API is running" in output(peer.read())


def test_random_bytes_never_end_the_process(guarded: Site) -> None:
    seed = scale.seed()
    chance = random.Random(seed)
    for _ in range(300):
        with Peer(guarded.backend.socket_path) as peer:
            peer.send(mutation(chance))
    assert guarded.backend.is_running
    answers_promptly(guarded)


def mutation(chance: random.Random) -> bytes:
    """Returns a valid request with a few bytes changed, and half of the time truncated."""
    message = bytearray(request("POST", "/api/auth/login", LOGIN))
    for _ in range(chance.randrange(1, 6)):
        at = chance.randrange(len(message))
        # Avoid lengths of parameters that would need gigabytes: libfcgi aborts on those. Only
        # users who may end the process anyway can connect to the socket.
        if message[at] < 128:
            message[at] = chance.randrange(128)
    if chance.random() < 0.5:
        del message[chance.randrange(len(message)):]
    return bytes(message)


def test_the_site_still_works_after_all_that(guarded: Site) -> None:
    client: Client = guarded.client()
    assert client.log_in("john@example.com", "John@123")
