"""Through nginx: people page by page, conditional requests, and the list of users."""

import re
from urllib.parse import quote

import pytest
from harness.client import Answer, Client, Headers, Tokens
from harness.nginx import ORIGIN
from harness.site import Site
from nginx_answers import is_problem

NAMES = [
    ("Ada", "Lovelace"), ("ada", "LOVEJOY"), ("<img src=x onerror=alert(1)>", "Ö\u0301\u0302"),
    ("שלום", "עולם"), ("👩‍👩‍👧", "e" + "\u0301" * 29), ("Love", "Ada"), ("Al", "Ada"), ("Zoë", "Ünal"),
]


@pytest.fixture
def crowd(fresh: Site) -> list[tuple[int, str, str]]:
    """Inserts 300 people directly into the database and returns them by last and first name."""
    rows = [NAMES[n] if n < len(NAMES) else (f"Given{n % 7}", f"Family{n % 40}")
            for n in range(300)]
    fresh.database.execute("DELETE FROM people")
    fresh.database.execute("BEGIN")
    for number, (first, last) in enumerate(rows, 1):
        fresh.database.execute("INSERT INTO people VALUES (?, ?, ?)", number, first, last)
    fresh.database.execute("COMMIT")
    people = [(number, first, last) for number, (first, last) in enumerate(rows, 1)]
    return sorted(people, key=lambda row: (lower(f"{row[2]} {row[1]}").encode(), row[0]))


def lower(text: str) -> str:
    """Converts only the letters A to Z to lower case."""
    return re.sub("[A-Z]", lambda letter: letter[0].lower(), text)


def place(row: tuple[int, str, str], name: str) -> tuple[int, bytes, int] | None:
    """Where a search by a name in lower case lists a person: the section, the key and the id."""
    number, first, last = row
    sections = [
        [f"{last} {first}"], [f"{first} {last}"],
        [f"{word} {first}" for word in later_words(last)],
        [f"{word} {last}" for word in later_words(first)]]
    for section, keys in enumerate(sections):
        found = [lower(key).encode() for key in keys if lower(key).startswith(name)]
        if found:
            return section, min(found), number
    return None


def later_words(name: str) -> list[str]:
    """The rest of a name from each of its words on, except the first."""
    return [name[match.start():] for match in re.finditer(r"(?<=[^0-9A-Za-z\x80-\U0010ffff])"
                                                          r"[0-9A-Za-z\x80-\U0010ffff]", name)]


def next_page(answer: Answer) -> str | None:
    link = answer.header("link")
    if link is None:
        return None
    target = re.fullmatch(r"<(/api/people\?[!-~]+)>; rel=\"next\"", link)
    assert target, link
    return target[1]


def walk(client: Client, pair: Tokens, target: str) -> list[list[tuple[int, str, str]]]:
    pages = []
    while target:
        answer = client.request("GET", target, pair.bearer)
        assert answer.status == 200, answer.body
        pages.append([(row["id"], row["firstName"], row["lastName"]) for row in answer.json])
        target = next_page(answer) or ""
    return pages


def test_the_pages_together_are_the_whole_list_by_name(
    client: Client, pair: Tokens, crowd: list[tuple[int, str, str]]
) -> None:
    whole = client.request("GET", "/api/people", pair.bearer)
    pages = walk(client, pair, "/api/people?limit=7")

    assert [len(page) for page in pages] == [7] * 42 + [6]
    assert sum(pages, []) == crowd
    assert [row["id"] for row in whole.json] == list(range(1, 301))
    assert whole.header("link") is None and whole.header("etag") is None
    assert sum(walk(client, pair, "/api/people?q="), []) == crowd


@pytest.mark.parametrize("name", [
    "a", "ADA", "love", "ada lo", "lovelace a", "family1", "Given3 f", "<IMG", "Ö", "ö", "ש", "👩",
    "e\u0301", "nobody", "SRC", "onerror", "alert(1", "1"])
def test_people_are_found_by_the_beginning_of_any_word(
    name: str, client: Client, pair: Tokens, crowd: list[tuple[int, str, str]]
) -> None:
    places = ((place(row, lower(name)), row) for row in crowd)
    expected = [row for _, row in sorted((found, row) for found, row in places if found)]

    for limit in 3, 1000:
        pages = walk(client, pair, f"/api/people?q={quote(name)}&limit={limit}")
        assert sum(pages, []) == expected
        assert all(len(page) <= limit for page in pages)


def test_a_cursor_stays_valid_when_its_person_is_deleted(
    client: Client, pair: Tokens, crowd: list[tuple[int, str, str]]
) -> None:
    first = client.request("GET", "/api/people?limit=100", pair.bearer)
    for row in first.json:
        gone = client.request("DELETE", f"/api/people/{row['id']}", pair.bearer)
        assert gone.status == 204

    assert sum(walk(client, pair, next_page(first) or ""), []) == crowd[100:]


@pytest.mark.parametrize("query, words", [
    ("limit=0", '"limit" must be greater than or equal to 1'),
    ("limit=1001", '"limit" must be less than or equal to 1000'),
    ("limit=ten", '"limit" must be a number'),
    ("q=%FF", '"q" must be a string'),
    ("after=AAAA", '"after" is not a cursor of this list'),
    ("after=" + "_" * 4000, '"after" is not a cursor of this list'),
    ("q=x&after=AAAAAAAAAAABZG9l", '"after" is not a cursor of this list'),
])
def test_an_invalid_query_is_rejected(
    query: str, words: str, client: Client, pair: Tokens
) -> None:
    answer = client.request(
        "GET", f"/api/people?{query}", [*pair.bearer, ("Origin", ORIGIN)])

    assert is_problem(answer, 400, "Validation failed") and answer.json["errors"] == [words]


def test_a_cached_response_is_not_sent_again(client: Client, pair: Tokens) -> None:
    for target in "/api/people/1", "/api/people?limit=1", "/api/people?limit=1&q=do":
        whole = client.request("GET", target, pair.bearer)
        tag = whole.header("etag") or ""
        assert re.fullmatch(r'"[\w-]{22}"', tag)

        for held in tag, f"W/{tag}", f'"x", {tag}', "*":
            for method in "GET", "HEAD":
                answer = client.request(method, target, [*pair.bearer, ("If-None-Match", held)])
                assert (answer.status, answer.body) == (304, b"")
                assert answer.header("etag") == tag
                assert answer.header("link") == whole.header("link")
                assert answer.header("cache-control") == "no-store"
                assert answer.header("content-type") is None
        other = client.request("GET", target, [*pair.bearer, ("If-None-Match", '"x"')])
        assert (other.status, other.body) == (200, whole.body)


def test_a_concurrent_change_is_not_overwritten(client: Client, pair: Tokens) -> None:
    def put(name: str, *condition: tuple[str, str]) -> Answer:
        fields: Headers = [*pair.bearer, ("Origin", ORIGIN), *condition]
        return client.send_json("PUT", "/api/people/1", {"firstName": name}, fields)

    seen = client.request("GET", "/api/people/1", pair.bearer).header("etag") or ""
    mine = put("Jon", ("If-Match", seen))
    theirs = put("Jack", ("If-Match", seen))
    fields: Headers = [*pair.bearer, ("Origin", ORIGIN), ("If-Match", seen)]
    blind = client.request("DELETE", "/api/people/1", fields)

    assert (mine.status, mine.body) == (204, b"")
    assert is_problem(theirs, 412, "Person has changed")
    assert is_problem(blind, 412, "Person has changed")
    kept = client.request("GET", "/api/people/1", pair.bearer)
    assert kept.json["firstName"] == "Jon" and mine.header("etag") is None
    assert put("Jim").status == 204 and put("Joe", ("If-Match", "*")).status == 204
    last = client.request("GET", "/api/people/1", pair.bearer).header("etag") or ""
    gone = client.request("DELETE", "/api/people/1", [*pair.bearer, ("If-Match", last)])
    assert gone.status == 204


def test_an_allowed_origin_can_send_and_read_the_conditional_headers(
    client: Client, pair: Tokens
) -> None:
    origin = ("Origin", ORIGIN)
    preflight = client.request("OPTIONS", "/api/people/1", [
        origin, ("Access-Control-Request-Method", "PUT"),
        ("Access-Control-Request-Headers", "if-match,if-none-match")])
    page = client.request("GET", "/api/people?limit=1", [*pair.bearer, origin])

    assert preflight.status == 204
    assert preflight.header("access-control-allow-headers") == "if-match,if-none-match"
    assert "PUT" in (preflight.header("access-control-allow-methods") or "")
    assert page.header("access-control-expose-headers") == (
        "ETag, Link, Retry-After, X-Total-Count")
    assert page.header("etag") and page.header("link")


def test_an_administrator_disables_and_enables_an_account(
    fresh: Site, client: Client, pair: Tokens
) -> None:
    john = client.log_in("john@example.com", "John@123")
    origin = ("Origin", ORIGIN)

    def change(number: int, content: object) -> Answer:
        return client.send_json("PUT", f"/api/users/{number}", content, [*pair.bearer, origin])

    listed = client.request("GET", "/api/users?limit=2", pair.bearer)
    assert [(row["id"], row["username"], row["role"], row["disabled"]) for row in listed.json] == [
        (1, "john@example.com", "user", False), (2, "mary@example.com", "user", False)]
    assert listed.header("link") == '</api/users?limit=2&after=2>; rel="next"'
    refused = client.request("GET", "/api/users", [*john.bearer, origin])
    assert is_problem(refused, 403, "Insufficient permissions")

    assert change(1, {"disabled": True}).status == 204
    assert client.request("GET", "/api/auth/me", john.bearer).status == 403
    assert client.send_json("POST", "/api/auth/login", {
        "username": "john@example.com", "password": "John@123"}).status == 401
    assert change(1, {"disabled": False, "role": "admin"}).status == 204
    john = client.log_in("john@example.com", "John@123")
    assert client.request("GET", "/api/users", john.bearer).status == 200

    own = change(3, {"role": "user"})
    assert is_problem(own, 409, "You cannot take rights from your own account")
    assert is_problem(change(9, {"role": "user"}), 404, "User not found")
    told = fresh.database.execute("SELECT kind, detail FROM events WHERE actor = 'admin'")
    assert told == [
        ("disabled", "by account 3"), ("session-ended", "disabled"),
        ("role-changed", "user to admin, by account 3"), ("enabled", "by account 3")]
