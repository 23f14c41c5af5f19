"""An HTTPS client that sends exactly what a test specifies, and parses the responses."""

import http.client
import json
import re
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from . import log_leaks

Headers = list[tuple[str, str]]


@dataclass
class Cookie:
    """A Set-Cookie header; the names of its attributes are in lower case."""

    name: str
    value: str
    attributes: dict[str, str | bool]

    @classmethod
    def parse(cls, header: str) -> "Cookie":
        pair, *rest = header.split(";")
        name, _, value = pair.strip().partition("=")
        attributes: dict[str, str | bool] = {}
        for attribute in rest:
            key, separator, text = attribute.strip().partition("=")
            attributes[key.lower()] = text if separator else True
        return cls(name, value, attributes)

    @property
    def expires(self) -> float:
        return parsedate_to_datetime(str(self.attributes["expires"])).timestamp()


@dataclass
class Answer:
    """An HTTP response with its complete body."""

    status: int
    headers: Headers
    body: bytes

    def header(self, name: str) -> str | None:
        """Returns the header's value or None; fails if the header was sent more than once."""
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        assert len(values) <= 1, f"{name} was sent {len(values)} times: {values}"
        return values[0] if values else None

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def cookies(self) -> dict[str, Cookie]:
        cookies = [
            Cookie.parse(value) for name, value in self.headers if name.lower() == "set-cookie"]
        return {cookie.name: cookie for cookie in cookies}


@dataclass
class Tokens:
    """The tokens that a login or a refresh returns."""

    access: str
    refresh: str

    @property
    def bearer(self) -> Headers:
        return [("Authorization", f"Bearer {self.access}")]

    @property
    def cookie(self) -> Headers:
        return [("Cookie", f"refreshToken={self.refresh}")]


class Client:
    """A persistent TLS connection, which is reopened after the server has closed it.

    `address` is the source address; it can be any address of 127.0.0.0/8.
    """

    def __init__(
        self, port: int, authority: Path, timeout: float = 30, address: str = "127.0.0.1"
    ):
        self.port = port
        self.context = ssl.create_default_context(cafile=str(authority))
        self.connection = http.client.HTTPSConnection(
            "localhost", port, context=self.context, timeout=timeout,
            source_address=(address, 0))

    def close(self) -> None:
        self.connection.close()

    def request(
        self,
        method: str,
        target: str,
        headers: Headers | None = None,
        body: bytes | None = None,
        chunked: bool = False,
    ) -> Answer:
        """Sends exactly these headers, and adds only Host and the body's length."""
        names = {name.lower() for name, _ in headers or []}
        connection = self.connection
        connection.putrequest(method, target, skip_accept_encoding=True)
        for name, value in headers or []:
            connection.putheader(name, value.encode())
        if chunked:
            connection.putheader("Transfer-Encoding", "chunked")
        elif body is not None and "content-length" not in names:
            connection.putheader("Content-Length", str(len(body)))
        try:
            connection.endheaders(body, encode_chunked=chunked)
            response = connection.getresponse()
            answer = Answer(response.status, response.getheaders(), response.read())
        except BaseException:
            connection.close()
            raise
        keep_out_of_logs(headers, body, answer)
        return answer

    def send_json(
        self, method: str, target: str, content: object, headers: Headers | None = None
    ) -> Answer:
        json_type = ("Content-Type", "application/json")
        return self.request(
            method, target, [json_type, *(headers or [])], json.dumps(content).encode())

    def log_in(self, username: str, password: str) -> Tokens:
        answer = self.send_json(
            "POST", "/api/auth/login", {"username": username, "password": password})
        assert answer.status == 200, (answer.status, answer.body)
        return Tokens(answer.json["accessToken"], answer.json["refreshToken"])

    def raw(self, message: bytes, answers: int) -> list[Answer]:
        """Sends bytes on a new connection and reads the given number of responses from it."""
        with socket.create_connection(("localhost", self.port), timeout=10) as plain:
            with self.context.wrap_socket(plain, server_hostname="localhost") as secure:
                secure.sendall(message)
                # One buffered reader for all responses: with one each, the first would read ahead.
                stream = secure.makefile("rb")
                return [_read_answer(stream) for _ in range(answers)]


def _read_answer(stream: Any) -> Answer:
    status = int(stream.readline().split(b" ")[1])
    fields = http.client.parse_headers(stream)
    if fields.get("Transfer-Encoding") == "chunked":
        return Answer(status, fields.items(), b"".join(_chunks(stream)))
    return Answer(status, fields.items(), stream.read(int(fields.get("Content-Length", "0"))))


def _chunks(stream: Any) -> Iterator[bytes]:
    while size := int(stream.readline(), 16):
        yield stream.read(size)
        stream.readline()
    stream.readline()


def keep_out_of_logs(headers: Headers | None, body: bytes | None, answer: Answer) -> None:
    """Registers the tokens and passwords of a request and its response: no log may have them.

    nginx's own cookie is the id of a request, which is in the log, and good for no sign-in.
    """
    for name, value in headers or []:
        if name.lower() in ("authorization", "cookie"):
            value = re.sub("__Host-visitor=[^;]*", "", value)
            log_leaks.register(*(
                word for word in value.replace("=", " ").replace(";", " ").split()
                if len(word) >= 20))
    log_leaks.register_body(body or b"")
    log_leaks.register_body(answer.body)
