"""Forged tokens that must be rejected, and a check that a rejection changes nothing."""

import json
import time

from harness import tokens
from harness.client import Answer, Client, Tokens
from harness.site import Site


def forged(token: str, secret: str, algorithm: str = "HS256", **claims: object) -> str:
    """Signs the token's header and claims again, with some of them changed."""
    header, payload = tokens.read(token)
    return tokens.sign(header | {"alg": algorithm}, payload | claims, secret)


def altered(token: str) -> str:
    """Returns the token with a later expiry and the original signature."""
    head, payload, signature = token.split(".")
    claims = json.loads(tokens.decode(payload))
    longer = json.dumps(claims | {"exp": claims["exp"] + 3600}, separators=(",", ":"))
    return f"{head}.{tokens.encode(longer.encode())}.{signature}"


# Each makes a forged token from valid ones.
FORGERIES = {
    "garbage": lambda pair, secret: "garbage",
    "three empty parts": lambda pair, secret: "..",
    "bytes beyond ASCII": lambda pair, secret: "\u00ff\u00fe.\u00e9.x",
    "four parts": lambda pair, secret: pair.access + ".x",
    "no signature": lambda pair, secret: pair.access.rpartition(".")[0] + ".",
    "half a signature": lambda pair, secret: pair.access[:-20],
    "altered claims": lambda pair, secret: altered(pair.access),
    "wrong signature": lambda pair, secret: forged(pair.access, "x" * 32),
    "signed with the empty key": lambda pair, secret: forged(pair.access, ""),
    "alg none": lambda pair, secret: forged(pair.access, secret, "none"),
    "alg none, but signed": lambda pair, secret: (
        forged(pair.access, secret, "none") + pair.access.rpartition(".")[2]),
    "HS384": lambda pair, secret: forged(pair.access, secret, "HS384"),
    "HS512": lambda pair, secret: forged(pair.access, secret, "HS512"),
    "alg in other case": lambda pair, secret: forged(pair.access, secret, "hs256"),
    "expired": lambda pair, secret: forged(
        pair.access, secret, iat=int(time.time()) - 120, exp=int(time.time()) - 60),
    "without an end": lambda pair, secret: without(pair.access, secret, "exp"),
    "a refresh token": lambda pair, secret: pair.refresh,
    "a refresh token's claims signed with the secret": (
        lambda pair, secret: forged(pair.refresh, secret)),
    "typ JWT": lambda pair, secret: tokens.sign(
        {"alg": "HS256", "typ": "JWT"}, tokens.read(pair.access)[1], secret),
}


def without(token: str, secret: str, name: str) -> str:
    header, payload = tokens.read(token)
    return tokens.sign(header, {key: payload[key] for key in payload if key != name}, secret)


# The ways in which a session ends before it expires.
ENDINGS = ["logout", "reuse", "disable", "password", "remove"]


def end_session(how: str, site: Site, client: Client, pair: Tokens) -> None:
    if how == "logout":
        assert client.request("POST", "/api/auth/logout", pair.bearer).status == 200
    elif how == "reuse":
        for status in 200, 400:
            answer = client.request("POST", "/api/auth/refresh", pair.cookie)
            assert answer.status == status
    else:
        done = site.backend.command("user", how, "admin@example.com", stdin="Other@1234\n")
        assert done.returncode == 0, done.stderr


class Unchanged:
    """Fails on exit if the database is not byte for byte the same as on entry."""

    def __init__(self, site: Site):
        self.database = site.database

    def __enter__(self) -> None:
        self.rows, self.files = self.database.dump(), self.database.file_bytes()

    def __exit__(self, *error: object) -> None:
        if error[0]:
            return
        assert self.database.dump() == self.rows
        assert self.database.file_bytes() == self.files


def is_refused(answer: Answer, status: int, message: str) -> bool:
    assert answer.status == status, (answer.status, answer.body)
    assert answer.json == {"statusCode": status, "message": message}
    assert not answer.cookies
    return True
