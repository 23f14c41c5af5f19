"""A client that sends requests over HTTP/2, one after the other, exactly as a test specifies."""

import socket
import ssl
from pathlib import Path

import h2.config
import h2.connection
import h2.events

from .client import Answer, Client, Headers, keep_out_of_logs


class Http2Client(Client):
    """A persistent HTTP/2 connection, which is reopened after the server has closed it."""

    def __init__(
        self, port: int, authority: Path, timeout: float = 30, address: str = "127.0.0.1"
    ):
        super().__init__(port, authority, timeout, address)
        self.context.set_alpn_protocols(["h2"])
        self.timeout = timeout
        self.address = address
        self.socket: ssl.SSLSocket | None = None

    def close(self) -> None:
        if self.socket:
            self.socket.close()
        self.socket = None

    def _open(self) -> None:
        plain = socket.create_connection(
            ("127.0.0.1", self.port), self.timeout, (self.address, 0))
        self.socket = self.context.wrap_socket(plain, server_hostname="localhost")
        assert self.socket.selected_alpn_protocol() == "h2"
        # Without validation, so that a test can send what a correct client does not.
        self.h2 = h2.connection.H2Connection(h2.config.H2Configuration(
            header_encoding="utf-8", validate_outbound_headers=False,
            normalize_outbound_headers=False))
        self.h2.initiate_connection()

    def request(
        self,
        method: str,
        target: str,
        headers: Headers | None = None,
        body: bytes | None = None,
        chunked: bool = False,
    ) -> Answer:
        """Sends exactly these headers; adds the body's length unless `chunked` is true."""
        fields = list(headers or [])
        if body is not None and not chunked:
            fields.append(("content-length", str(len(body))))
        try:
            stream = self.begin(method, target, fields, has_body=body is not None)
            if body is not None:
                self._send_body(stream, body)
            answer = self.answer(stream)
        except BaseException:
            self.close()
            raise
        keep_out_of_logs(headers, body, answer)
        return answer

    def begin(self, method: str, target: str, headers: Headers, has_body: bool) -> int:
        """Sends the head of a request and returns its stream; `answer` sends what is buffered."""
        if not self.socket:
            self._open()
        stream = self.h2.get_next_available_stream_id()
        fields = [
            (":method", method), (":scheme", "https"), (":path", target),
            (":authority", f"localhost:{self.port}"),
            *((name.lower(), value) for name, value in headers)]
        self.h2.send_headers(stream, fields, end_stream=not has_body)
        return stream

    def _send_body(self, stream: int, body: bytes) -> None:
        assert len(body) <= self.h2.local_flow_control_window(stream)
        size = self.h2.max_outbound_frame_size
        for start in range(0, len(body), size):
            self.h2.send_data(stream, body[start:start + size])
        self.h2.end_stream(stream)

    def answer(self, stream: int) -> Answer:
        """Reads the response on a stream, and ignores those on others."""
        assert self.socket
        answer = Answer(0, [], b"")
        while True:
            self.socket.sendall(self.h2.data_to_send())
            data = self.socket.recv(65536)
            if not data:
                raise ConnectionResetError("the server closed the connection")
            for event in self.h2.receive_data(data):
                if isinstance(event, h2.events.ConnectionTerminated):
                    raise ConnectionResetError(f"GOAWAY, error {event.error_code}")
                if getattr(event, "stream_id", stream) != stream:
                    continue
                if isinstance(event, h2.events.ResponseReceived):
                    (_, status), *answer.headers = event.headers
                    answer.status = int(status)
                elif isinstance(event, h2.events.DataReceived):
                    answer.body += event.data
                    self.h2.acknowledge_received_data(event.flow_controlled_length, stream)
                elif isinstance(event, h2.events.StreamReset):
                    raise ConnectionResetError(f"RST_STREAM, error {event.error_code}")
                elif isinstance(event, h2.events.StreamEnded):
                    return answer
