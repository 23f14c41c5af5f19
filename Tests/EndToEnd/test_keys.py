"""Rotation of the signing keys: no session ends until the old key is retired."""

import base64
import fcntl
import json
import re
import stat
from collections.abc import Iterator

import pytest

from harness import log_leaks, scale
from harness.client import Client, Tokens
from harness.load import Crowd
from harness.site import Site

SECRET = "the first secret of this site, with blanks in it"
LASTING = {"JWT_EXPIRES_IN": "1h", "REFRESH_TOKEN_EXPIRES_IN": "1d"}
ANSWERS = scale.amount("ANSWERS", 300, 5_000)


@pytest.fixture
def keyed(site_for, request: pytest.FixtureRequest) -> Iterator[Site]:
    """A site whose secret is in a file, as the systemd unit configures it."""
    log_leaks.register(SECRET)
    site: Site = site_for(request.node.name[-20:], LASTING, hold_socket=True)
    file = site.directory / "jwt-secret"
    file.write_text(SECRET + "\n")
    file.chmod(0o600)
    del site.backend.environment["JWT_SECRET"]
    site.backend.environment["JWT_SECRET_FILE"] = str(file)
    with site:
        yield site


def key(site: Site, *arguments: str, status: int = 0) -> str:
    """The output of `gatehouse key`."""
    result = site.backend.command("key", *arguments)
    assert result.returncode == status, result.stderr
    return result.stdout + result.stderr


def rotate(site: Site) -> str:
    """Rotates, restarts the server as the command says, and returns the name of the old key."""
    said = key(site, "rotate")
    assert "systemctl restart gatehouse" in said
    content = (site.directory / "jwt-secret").read_text()
    log_leaks.register(*(line.split()[2] for line in content.splitlines()[1:]))
    site.backend.restart()
    return re.search(r"gatehouse key retire (\w+)", said).group(1)


def name(token: str) -> str:
    """The name of the key with which a token is signed, from its header."""
    part = token.split(".")[0]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))["kid"]


def pair_of(answer) -> Tokens:
    assert answer.status == 200, answer.body
    return Tokens(answer.json["accessToken"], answer.json["refreshToken"])


def refresh(client: Client, pair: Tokens, *headers: tuple[str, str]):
    return client.request("POST", "/api/auth/refresh", pair.cookie + list(headers))


def test_a_rotation_under_load_refuses_nobody(keyed: Site) -> None:
    client = keyed.client()
    idle = client.log_in("john@example.com", "John@123")
    with Crowd(keyed, scale.seed()) as crowd:
        crowd.work(ANSWERS)
        old = rotate(keyed)
        crowd.work(ANSWERS)
    assert crowd.failures == []

    assert name(idle.access) == name(idle.refresh) == old
    assert client.request("GET", "/api/auth/me", idle.bearer).status == 200
    fresh = pair_of(refresh(client, idle))
    assert name(fresh.access) == name(fresh.refresh) != old
    assert client.request("GET", "/api/auth/me", fresh.bearer).status == 200
    # The session has rotated: the exchanged token is refused.
    assert refresh(client, idle).status == 400


def test_a_refresh_lost_during_a_key_rotation_can_be_retried(keyed: Site) -> None:
    client = keyed.client()
    pair = client.log_in("john@example.com", "John@123")
    again = ("Idempotency-Key", "3f1c")
    first = pair_of(refresh(client, pair, again))
    rotate(keyed)

    second = pair_of(refresh(client, pair, again))

    assert name(second.refresh) != name(first.refresh)
    third = pair_of(refresh(client, second))
    assert client.request("GET", "/api/auth/me", third.bearer).status == 200


def test_a_retired_key_ends_what_depends_on_it_and_nothing_else(keyed: Site) -> None:
    client = keyed.client()
    idle = client.log_in("john@example.com", "John@123")
    busy = client.log_in("admin@example.com", "Admin@123")
    old = rotate(keyed)
    busy = pair_of(refresh(client, busy))

    said = key(keyed, "retire", old, status=1)
    assert f"sessions may depend on key {old} until 20" in said and said.count("\n") == 1
    assert "sessions may depend" in key(keyed, "rotate", status=1)
    assert "is the signing key" in key(keyed, "retire", name(busy.access), status=1)
    assert "no key is named" in key(keyed, "retire", "123", status=1)
    key(keyed, "retire", "--now", old)
    keyed.backend.restart()

    assert client.request("GET", "/api/auth/me", idle.bearer).status == 403
    assert refresh(client, idle).status == 401
    assert client.request("GET", "/api/auth/me", busy.bearer).status == 200
    assert pair_of(refresh(client, busy))
    lines = key(keyed, "list").splitlines()
    assert len(lines) == 2 and lines[1].endswith("signing")
    file = keyed.directory / "jwt-secret"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert SECRET not in file.read_text()


def test_a_failed_command_reports_the_reason_and_changes_nothing(keyed: Site) -> None:
    file = keyed.directory / "jwt-secret"
    before = file.read_bytes()
    with (keyed.directory / "jwt-secret.new").open("w") as draft:
        fcntl.flock(draft, fcntl.LOCK_EX)
        assert "another command is writing to it" in key(keyed, "rotate", status=1)
    assert "does not exist" in key(keyed, "list", "--file", "/nonexistent", status=1)
    result = keyed.backend.command(
        "key", "rotate", settings={"JWT_SECRET": SECRET, "JWT_SECRET_FILE": None})
    assert result.returncode == 1 and "the secret is in JWT_SECRET" in result.stderr
    assert SECRET not in result.stderr
    assert file.read_bytes() == before
