"""FastCGI requests as nginx sends them (FastCGI specification 1.0, sections 3 and 8)."""

import socket
import struct
from typing import BinaryIO

BEGIN_REQUEST, END_REQUEST, PARAMS, STDIN, STDOUT = 1, 3, 4, 5, 6


def record(kind: int, content: bytes) -> bytes:
    padding = -len(content) % 8
    return struct.pack(">BBHHBB", 1, kind, 1, len(content), padding, 0) + content + b"\0" * padding


def pair(name: str, value: str) -> bytes:
    def length(text: bytes) -> bytes:
        return bytes([len(text)]) if len(text) < 128 else struct.pack(">I", len(text) | 1 << 31)

    name, value = name.encode(), value.encode()
    return length(name) + length(value) + name + value


def request(method: str, target: str, fields: dict[str, str], body: bytes = b"") -> bytes:
    """A request on a kept connection, with the parameters of nginx/; the body is JSON."""
    parameters = {
        "REQUEST_METHOD": method, "REQUEST_URI": target,
        "REQUEST_ID": "3d7e15a6c3b74ef09b4a2d1f6c5e8a90", "REMOTE_ADDR": "127.0.0.1",
        "HTTPS": "on",
    }
    if body:
        parameters |= {"CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(body))}
    for name, value in fields.items():
        parameters["HTTP_" + name.upper().replace("-", "_")] = value
    pairs = b"".join(pair(name, value) for name, value in parameters.items())
    responder_and_keep = struct.pack(">HB5x", 1, 1)
    return (record(BEGIN_REQUEST, responder_and_keep) + record(PARAMS, pairs) + record(PARAMS, b"")
            + (record(STDIN, body) if body else b"") + record(STDIN, b""))


def ask(path: str, message: bytes) -> tuple[bytes, bytes]:
    """Sends one request on a new connection; returns the head and body of the response."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(10)
        connection.connect(path)
        connection.sendall(message)
        return read_response(connection.makefile("rb"))


def read_response(stream: BinaryIO) -> tuple[bytes, bytes]:
    """Reads the records of one response; returns its head and body."""
    response = b""
    while True:
        header = stream.read(8)
        if len(header) < 8:
            raise ConnectionError("the connection was closed before its response")
        _, kind, _, length, padding, _ = struct.unpack(">BBHHBB", header)
        content = stream.read(length + padding)[:length]
        if kind == END_REQUEST:
            head, _, body = response.partition(b"\r\n\r\n")
            return head, body
        if kind == STDOUT:
            response += content
