"""FastCGI records as a web server writes them, valid and invalid (FastCGI 1.0, section 3.3)."""

import socket
import struct
from pathlib import Path

BEGIN, ABORT, END, PARAMS, STDIN, STDOUT, STDERR, DATA, GET_VALUES = range(1, 10)
RESPONDER, AUTHORIZER, FILTER = 1, 2, 3


def record(kind: int, content: bytes = b"", request: int = 1, version: int = 1) -> bytes:
    return struct.pack("!BBHHBx", version, kind, request, len(content), 0) + content


def begin(role: int = RESPONDER, keep: bool = False) -> bytes:
    return record(BEGIN, struct.pack("!HB5x", role, keep))


def length(count: int) -> bytes:
    return bytes([count]) if count < 128 else struct.pack("!I", count | 0x8000_0000)


def pairs(parameters: dict[str, str]) -> bytes:
    return b"".join(
        length(len(name)) + length(len(value)) + name.encode() + value.encode()
        for name, value in parameters.items())


def parameters(method: str, target: str, more: dict[str, str] | None = None) -> dict[str, str]:
    """Returns the main parameters that the shipped nginx configuration sends."""
    return {
        "REQUEST_METHOD": method, "REQUEST_URI": target, "REMOTE_ADDR": "127.0.0.1", "HTTPS": "on",
        "REQUEST_ID": "0123456789abcdef0123456789abcdef",
    } | (more or {})


def request(method: str, target: str, more: dict[str, str] | None = None) -> bytes:
    """Returns a complete request without a body, on a connection that is then closed."""
    content = pairs(parameters(method, target, more))
    return begin() + record(PARAMS, content) + record(PARAMS) + record(STDIN)


class Peer:
    """A connection to the responder's socket."""

    def __init__(self, path: Path, timeout: float = 10):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(timeout)
        self.socket.connect(str(path))

    def __enter__(self) -> "Peer":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, data: bytes) -> None:
        """Sends the data. The responder may close the connection before it has read everything."""
        try:
            self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass

    def read(self) -> bytes:
        """Returns everything received until the responder closes the connection."""
        received = b""
        try:
            while data := self.socket.recv(65536):
                received += data
        except ConnectionResetError:
            pass
        return received


def output(received: bytes) -> bytes:
    """Returns the contents of the received STDOUT records."""
    content = b""
    while len(received) >= 8:
        _, kind, _, size, padding = struct.unpack("!BBHHBx", received[:8])
        if kind == STDOUT:
            content += received[8:8 + size]
        received = received[8 + size + padding:]
    return content
