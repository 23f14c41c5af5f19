"""SIGTERM during requests: the server answers every accepted connection, then exits.

An accepted connection has left the listening queue, so the next server process cannot answer it,
and nginx never retries a POST.
"""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count

import pytest

from harness.backend import Backend
from harness.fastcgi import STDIN, Peer, output, record, request
from harness.polling import until
from harness.processes import open_descriptors, processor_seconds
from harness.site import Site

WHOLE = request("GET", "/health")
NUMBERS = count()


@pytest.fixture
def draining(site_for: Callable[..., Site]) -> Iterator[Site]:
    with site_for(f"drain-{next(NUMBERS)}", hold_socket=True) as site:
        yield site


@contextmanager
def accepted(backend: Backend) -> Iterator[Peer]:
    """Yields a peer whose connection the server has accepted."""
    before = open_descriptors(backend.process.pid)
    with Peer(backend.socket_path) as peer:
        until(lambda: open_descriptors(backend.process.pid) > before, "the connection is accepted")
        yield peer


def terminate(backend: Backend) -> None:
    """Sends SIGTERM and waits until the server begins to stop."""
    backend.process.send_signal(signal.SIGTERM)
    until(lambda: not backend.is_running or "stopping" in backend.log(), "the server is stopping")


@pytest.mark.parametrize("sent", [0, 1, 8, 40, len(WHOLE) - 8, len(WHOLE) - 1])
def test_a_request_incomplete_at_sigterm_is_answered(sent: int, draining: Site) -> None:
    backend = draining.backend
    with accepted(backend) as peer:
        peer.send(WHOLE[:sent])
        terminate(backend)
        peer.send(WHOLE[sent:])
        answer = output(peer.read())

    assert b"API is running" in answer
    assert backend.process.wait(10) == 0
    backend.start()


def test_a_silent_connection_does_not_delay_the_exit(draining: Site) -> None:
    backend = draining.backend
    with accepted(backend):
        terminate(backend)
        assert backend.process.wait(10) == 0
    backend.start()


def test_a_queued_connection_is_served_by_the_next_process(draining: Site) -> None:
    backend = draining.backend
    assert backend.stop() == 0
    with Peer(backend.socket_path) as peer:
        peer.send(WHOLE)
        backend.start()
        assert b"API is running" in output(peer.read())


def test_a_login_that_is_being_hashed_at_sigterm_is_answered(site_for) -> None:
    """The high cost makes the hashing slow enough for SIGTERM to arrive during it."""
    with site_for("hashing", {"GATEHOUSE_PASSWORD_COST": "12"}, hold_socket=True) as site:
        body = b'{"username":"nobody@example.com","password":"Some@1234"}'
        head = request("POST", "/api/auth/login", {
            "CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(body))})
        pid = site.backend.process.pid
        before = processor_seconds(pid)
        with Peer(site.backend.socket_path) as peer:
            peer.send(head.removesuffix(record(STDIN)) + record(STDIN, body) + record(STDIN))
            until(lambda: processor_seconds(pid) > before + 0.02, "the hashing has begun")
            status = site.backend.stop()
            answer = output(peer.read())
        assert status == 0
        assert b"Status: 401" in answer, answer
