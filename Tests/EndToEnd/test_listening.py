"""The sockets the server listens on, and its notifications to the service manager."""

import socket
import stat
from pathlib import Path

import pytest

from harness.backend import Backend
from harness.fastcgi import Peer, output, request
from harness.polling import until
from harness.ports import free_port


@pytest.fixture
def backend(tmp_path: Path):
    backend = Backend(tmp_path)
    yield backend
    if backend.is_running:
        backend.kill()


def health(peer: socket.socket) -> bytes:
    peer.sendall(request("GET", "/health"))
    received = b""
    while data := peer.recv(65536):
        received += data
    return output(received)


def test_the_service_manager_is_notified_of_start_and_stop(
    backend: Backend, tmp_path: Path
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(10)
        backend.environment["NOTIFY_SOCKET"] = str(tmp_path / "notify")

        backend.start()

        assert manager.recv(100) == b"READY=1"
        assert backend.stop() == 0
        assert manager.recv(100) == b"STOPPING=1"


def test_the_socket_is_for_the_owner_and_the_group_only(backend: Backend) -> None:
    backend.start()

    assert stat.S_IMODE(backend.socket_path.stat().st_mode) == 0o660


def test_a_socket_left_by_a_killed_server_is_replaced(backend: Backend) -> None:
    backend.start()
    backend.kill()
    assert backend.socket_path.exists()

    backend.start()

    with Peer(backend.socket_path) as peer:
        assert b"API is running" in health(peer.socket)


def test_a_file_that_is_not_a_socket_is_left_alone(backend: Backend) -> None:
    backend.socket_path.write_text("somebody's work")

    backend.launch()

    assert until(lambda: backend.process and backend.process.poll(), "the server exits") == 1
    assert "Address already in use" in backend.log()
    assert backend.socket_path.read_text() == "somebody's work"


def test_a_second_server_does_not_take_the_socket_of_a_running_one(
    backend: Backend, tmp_path: Path
) -> None:
    backend.start()
    (tmp_path / "second").mkdir()
    second = Backend(tmp_path / "second")
    second.environment["GATEHOUSE_LISTEN"] = f"unix:{backend.socket_path}"

    second.launch()

    assert until(lambda: second.process and second.process.poll(), "the second server exits") == 1
    assert "Address already in use" in second.log()
    with Peer(backend.socket_path) as peer:
        assert b"API is running" in health(peer.socket)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_the_server_listens_on_tcp_if_configured(backend: Backend, host: str) -> None:
    port = free_port()
    backend.environment["GATEHOUSE_LISTEN"] = f"tcp:{host}:{port}"
    backend.launch()

    def connected() -> socket.socket | None:
        try:
            return socket.create_connection((host, port), timeout=10)
        except ConnectionRefusedError:
            return None

    with until(connected, "the port is open") as peer:
        assert b"API is running" in health(peer)
