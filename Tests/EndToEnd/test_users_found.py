"""An administrator searches accounts by the prefix of their email address, through nginx."""

import re
from urllib.parse import quote

import pytest
from harness import log_leaks
from harness.client import Client, Tokens
from harness.nginx import ORIGIN
from harness.site import Site
from nginx_answers import is_problem

NAMES = ("Ann", "ann_b", "ann%c", "ann*d", "anna", "änn", "Änn", "אבג", "ann+news", "x'--", "x@y")


@pytest.fixture
def addresses(fresh: Site) -> list[str]:
    """Adds accounts as another program would, and returns all three hundred addresses, sorted."""
    given = [f"{NAMES[n]}@example.com" if n < len(NAMES) else f"Person{n % 100}.{n}@example.com"
             for n in range(297)]
    log_leaks.register(*given)
    fresh.database.execute("BEGIN")
    for email in given:
        fresh.database.execute(
            "INSERT INTO accounts (email, password_hash, role, is_disabled, created_at)"
            " VALUES (?, '', 'user', 0, 1700000000000)", email)
    fresh.database.execute("COMMIT")
    given += ["john@example.com", "mary@example.com", "admin@example.com"]
    return sorted(given, key=lambda email: lower(email).encode())


def lower(text: str) -> str:
    """Converts A to Z to lower case, and no other letter."""
    return re.sub("[A-Z]", lambda letter: letter[0].lower(), text)


def walk(client: Client, pair: Tokens, target: str) -> list[list[str]]:
    pages = []
    while target:
        answer = client.request("GET", target, pair.bearer)
        assert answer.status == 200, answer.body
        pages.append([row["username"] for row in answer.json])
        link = re.fullmatch(
            r"<(/api/users\?[!-~]+)>; rel=\"next\"", answer.header("link") or "")
        target = link[1] if link else ""
    return pages


@pytest.mark.parametrize("prefix", [
    "", "a", "ANN", "ann@", "ann_", "ann%", "ann*", "ann+", "ä", "Ä", "א", "x@", "x'", "person1",
    "PERSON99.", "mary@example.com", "mary@example.com.", "%", "_", "nobody"])
def test_accounts_are_found_by_the_prefix_of_their_address(
    prefix: str, client: Client, pair: Tokens, addresses: list[str]
) -> None:
    wanted = [email for email in addresses if lower(email).startswith(lower(prefix))]

    for limit in 7, 1000:
        pages = walk(client, pair, f"/api/users?q={quote(prefix)}&limit={limit}")
        assert sum(pages, []) == wanted
        assert all(len(page) == limit for page in pages[:-1])


def test_the_next_page_is_correct_after_the_previous_accounts_are_removed(
    fresh: Site, client: Client, pair: Tokens, addresses: list[str]
) -> None:
    first = client.request("GET", "/api/users?q=p&limit=100", pair.bearer)
    assert first.status == 200 and len(first.json) == 100
    gone = [row["username"] for row in first.json]
    fresh.database.execute(
        f"DELETE FROM accounts WHERE email IN ({', '.join('?' * 100)})", *gone)

    target = (first.header("link") or "").split(">")[0].lstrip("<")
    rest = [email for email in addresses if email.startswith("P") and email not in gone]
    assert sum(walk(client, pair, target), []) == rest


@pytest.mark.parametrize("query, words", [
    ("q=a&limit=0", '"limit" must be greater than or equal to 1'),
    ("q=" + "a" * 101, '"q" length must be less than or equal to 100 characters long'),
    ("q=%FF", '"q" must be a string'),
    ("q=a&after=1", '"after" is not a cursor of this list'),
    ("q=b&after=YW5u", '"after" is not a cursor of this list'),
    ("after=YW5u", '"after" must be a number'),
])
def test_an_invalid_query_is_rejected(
    query: str, words: str, client: Client, pair: Tokens
) -> None:
    answer = client.request(
        "GET", f"/api/users?{query}", [*pair.bearer, ("Origin", ORIGIN)])

    assert is_problem(answer, 400, "Validation failed") and answer.json["errors"] == [words]


def test_search_terms_are_not_logged(
    fresh: Site, client: Client, pair: Tokens, addresses: list[str]
) -> None:
    answer = client.request("GET", f"/api/users?q={quote('ann+news@example.com')}", pair.bearer)

    assert [row["username"] for row in answer.json] == ["ann+news@example.com"]
    logs = [path.read_text(errors="replace") for path in fresh.directory.rglob("*.log")]
    assert any("GET /api/users " in log for log in logs)
    assert not any("ann%2Bnews" in log or "ann+news" in log for log in logs)
