"""Two spellings of one e-mail address are one account, wherever the address is typed."""

from urllib.parse import quote

import pytest

from harness import log_leaks
from harness.client import Client, Tokens
from harness.database import JOHN_AT_COST_10
from harness.site import Site
from nginx_answers import is_problem
from test_import import HASH, refused, users_csv

PASSWORD = "Passw0rd!"

SAME = {
    "U-label, A-label": ("u@m\u00fcller.com", "u@xn--mller-kva.com"),
    "A-label, U-label": ("a@xn--bcher-kva.com", "a@b\u00fccher.com"),
    "NFC, NFD (local part)": ("jos\u00e9@example.com", "jose\u0301@example.com"),
    "NFD, NFC (domain)": ("n@ko\u0308ln.com", "n@k\u00f6ln.com"),
    "case in the domain": ("c@m\u00fcnchen.com", "c@M\u00dcNCHEN.com"),
    "full-width domain": ("f@example.com", "f@\uff45\uff58ample.com"),
    "ideographic full stop": ("i@example.com", "i@example\u3002com"),
    "soft hyphen in the domain": ("s@example.com", "s@exam\u00adple.com"),
    "zero-width space in the domain": ("z@example.com", "z@exam\u200bple.com"),
}
OTHER = {
    "dotless i": ("i@example.com", "\u0131@example.com"),
    "long s": ("s@example.com", "\u017f@example.com"),
    "full-width f in the local part": ("f@example.com", "\uff46@example.com"),
    "Cyrillic i": ("i@example.com", "\u0456@example.com"),
    "a dot": ("ab@example.com", "a.b@example.com"),
    "a plus": ("a@example.com", "a+b@example.com"),
    "case beyond ASCII": ("j\u00f6rg@example.com", "J\u00d6RG@example.com"),
}
log_leaks.register(*(email for pair in [*SAME.values(), *OTHER.values()] for email in pair))


def sign_up(client: Client, email: str) -> int:
    body = {"email": email, "password": PASSWORD}
    return client.send_json("POST", "/api/auth/signup", body).status


@pytest.mark.parametrize("kind", SAME)
def test_another_spelling_is_the_same_account_everywhere(
    kind: str, fresh: Site, client: Client, pair: Tokens
) -> None:
    first, second = SAME[kind]
    fresh.database.execute("DELETE FROM accounts WHERE id < 3")
    assert sign_up(client, first) == 201

    assert sign_up(client, second) == 409
    tokens = client.log_in(second, PASSWORD)
    assert client.request("GET", "/api/auth/me", tokens.bearer).json["username"] == first

    added = fresh.backend.command("user", "add", second, stdin=PASSWORD)
    assert added.returncode == 1 and "exists" in added.stderr
    assert fresh.backend.command("user", "role", second, "admin").returncode == 0
    assert len(fresh.backend.command("user", "list").stdout.splitlines()) == 3

    rows = [(second, HASH, "user")]
    errors = refused(fresh, "--users", "-", "--format", "csv", stdin=users_csv(rows).encode())
    assert errors[0].endswith("line 2: email: an account with this address exists")

    listed = client.request("GET", f"/api/users?q={quote(second)}", pair.bearer).json
    assert [user["username"] for user in listed] == [first]
    assert len(client.request("GET", "/api/users", pair.bearer).json) == 2


def test_an_import_notices_two_spellings_in_one_file(fresh: Site) -> None:
    rows = [(email, HASH, "user") for pair in SAME.values() for email in pair]

    errors = refused(fresh, "--users", "-", "--format", "csv", stdin=users_csv(rows).encode())

    assert [error.split(": email: ")[1] for error in errors[:-1]] == [
        f"the same address as in line {2 * number + 2}" for number in range(len(SAME))]


@pytest.mark.parametrize("kind", OTHER)
def test_what_only_looks_alike_is_another_account(kind: str, client: Client, fresh: Site) -> None:
    first, second = OTHER[kind]
    assert sign_up(client, first) == 201
    wrong = {"username": second, "password": PASSWORD}
    assert client.send_json("POST", "/api/auth/login", wrong).status == 401
    assert sign_up(client, second) == 201
    assert ("not ASCII" in fresh.backend.command("user", "list").stdout) == (
        not (first + second).isascii())


@pytest.mark.parametrize("character", ["\u200b", "\u00ad", "\u200d", "\u00a0", "\u202e", "\ufe0f"])
def test_an_invisible_character_in_the_local_part_is_refused(
    character: str, client: Client
) -> None:
    body = {"email": f"a{character}b@example.com", "password": PASSWORD}
    answer = client.send_json("POST", "/api/auth/signup", body)
    assert is_problem(answer, 400, "Validation failed")
    assert answer.json["errors"] == ["Please provide a valid email address"]


def test_wrong_passwords_count_for_all_spellings_together(fresh: Site, client: Client) -> None:
    spellings = [
        "j@example.com", "J@example.com", "j@\uff45xample.com", "j@exam\u00adple.com",
        "j@example\u3002com", "j@exampl\u200be.com"]
    log_leaks.register(*spellings)
    statuses = [
        client.send_json(
            "POST", "/api/auth/login", {"username": spelling, "password": "wrong"}).status
        for spelling in spellings for _ in range(2)]
    assert statuses == [401] * 10 + [429] * 2


def test_accounts_from_before_there_were_keys_are_kept_and_named(fresh: Site, client: Client) -> None:
    fresh.database.execute(
        "INSERT INTO accounts (email, password_hash, role, is_disabled, created_at, address_key)"
        " VALUES ('a@b\u00fccher.com', ?, 'user', 0, 1, 'a@xn--bcher-kva.com'),"
        " ('a@xn--bcher-kva.com', ?, 'user', 0, 2, ' 5 a@xn--bcher-kva.com')",
        JOHN_AT_COST_10, JOHN_AT_COST_10)

    for email, found in [
        ("a@b\u00fccher.com", "a@b\u00fccher.com"), ("a@B\u00dcCHER.com", "a@b\u00fccher.com"),
        ("A@xn--bcher-kva.com", "a@xn--bcher-kva.com"),
    ]:
        tokens = client.log_in(email, "John@123")
        assert client.request("GET", "/api/auth/me", tokens.bearer).json["username"] == found
    listed = fresh.backend.command("user", "list").stdout
    assert "the same address as account 4, and found by this spelling only" in listed

    assert fresh.backend.command("user", "remove", "a@xn--bcher-kva.com").returncode == 0
    names = fresh.database.execute("SELECT email FROM accounts WHERE id > 3")
    assert names == [("a@b\u00fccher.com",)]
