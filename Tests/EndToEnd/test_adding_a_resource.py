"""The example of docs/adding-a-resource.md, compiled as printed and tested through nginx."""

from collections.abc import Callable, Iterator

import pytest

from harness import example
from harness.client import Client, Headers
from harness.site import Site
from nginx_answers import is_problem

NONE = 9223372036854775807


@pytest.fixture(scope="module")
def notes(site_for: Callable[..., Site]) -> Iterator[Site]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GATEHOUSE_BINARY", str(example.build()))
        with site_for("notes") as site:
            yield site


@pytest.fixture
def client(notes: Site) -> Iterator[Client]:
    notes.database.reset()
    notes.database.execute("DELETE FROM notes")
    client = notes.client()
    yield client
    client.close()


@pytest.fixture
def mary(client: Client) -> Headers:
    return client.log_in("mary@example.com", "Mary@1234").bearer


@pytest.fixture
def admin(client: Client) -> Headers:
    return client.log_in("admin@example.com", "Admin@123").bearer


def write(client: Client, text: str, caller: Headers) -> int:
    answer = client.send_json("POST", "/api/notes", {"text": text}, caller)
    assert (answer.status, answer.json.keys()) == (201, {"id", "text"})
    return answer.json["id"]


def texts(client: Client, caller: Headers) -> list[str]:
    answer = client.request("GET", "/api/notes", caller)
    assert answer.status == 200
    return [note["text"] for note in answer.json]


def test_a_resource_needs_at_most_four_new_and_four_changed_files() -> None:
    new, changed = example.new_files(), example.changed_files()
    table = [line.split("`")[1::2] + [line.split("|")[2].strip()]
             for line in example.PAGE.read_text().splitlines() if line.startswith("| `")]
    assert [path for path, *_, kind in table if kind == "new"] == [
        "Sources/Directory/Notes.swift", "Sources/SQLiteStore/Migrations/migration_7.sql",
        "Sources/SQLiteStore/SQLiteRows+Notes.swift", "Sources/API/NoteEndpoints.swift"]
    assert {path for path, *_, kind in table if kind == "new"} == new.keys()
    assert {path for path, *_, kind in table if kind == "changed"} == changed.keys()
    assert len(new) <= 4 and len(changed) <= 4


def test_a_note_can_be_added_read_changed_and_deleted(client: Client, mary: Headers) -> None:
    first = write(client, "Buy milk", mary)
    second = write(client, 'a "quote", and Å', mary)
    assert client.request("GET", f"/api/notes/{first}", mary).json == {
        "id": first, "text": "Buy milk"}
    change = client.send_json("PUT", f"/api/notes/{first}", {"text": "Buy oat milk"}, mary)
    assert (change.status, change.body) == (204, b"")
    assert texts(client, mary) == ["Buy oat milk", 'a "quote", and Å']

    assert client.request("DELETE", f"/api/notes/{second}", mary).status == 204
    assert texts(client, mary) == ["Buy oat milk"]
    assert write(client, "Call Ada", mary) > second, "the id of a deleted note was reused"


def test_another_accounts_note_is_not_found(client: Client, mary: Headers, admin: Headers) -> None:
    marys = write(client, "a secret", mary)
    assert texts(client, admin) == []
    for number in (marys, NONE, "01", "x"):
        path = f"/api/notes/{number}"
        for answer in (
            client.request("GET", path, admin),
            client.send_json("PUT", path, {"text": "mine"}, admin),
            client.request("DELETE", path, admin),
        ):
            assert is_problem(answer, 404, "Note not found")
    assert texts(client, mary) == ["a secret"]


def test_a_request_without_a_token_gets_401(client: Client) -> None:
    for method, path in (
        ("GET", "/api/notes"), ("POST", "/api/notes"), ("GET", "/api/notes/1"),
        ("PUT", "/api/notes/1"), ("DELETE", "/api/notes/1"),
    ):
        assert is_problem(client.request(method, path), 401, "Access token required")


@pytest.mark.parametrize("content, error", [
    ({}, '"text" is required'),
    ({"text": ""}, '"text" is not allowed to be empty'),
    ({"text": 1}, '"text" must be a string'),
    ({"text": "x" * 1001}, '"text" length must be less than or equal to 1000 characters long'),
    ({"text": "x", "owner": 3}, '"owner" is not allowed'),
])
def test_an_invalid_note_changes_nothing(
    content: dict, error: str, client: Client, mary: Headers
) -> None:
    note = write(client, "as it was", mary)
    for method, path in (("POST", "/api/notes"), ("PUT", f"/api/notes/{note}")):
        answer = client.send_json(method, path, content, mary)
        assert (answer.status, answer.json["errors"]) == (400, [error])
    assert texts(client, mary) == ["as it was"]


def test_an_account_has_at_most_100_notes(client: Client, mary: Headers, admin: Headers) -> None:
    for number in range(100):
        write(client, f"note {number}", mary)
    answer = client.send_json("POST", "/api/notes", {"text": "one more"}, mary)
    assert is_problem(answer, 409, "Note limit of 100 is reached")
    assert len(texts(client, mary)) == 100
    write(client, "someone else's", admin)


def test_removing_an_account_deletes_its_notes(notes: Site, client: Client, mary: Headers) -> None:
    write(client, "note", mary)
    notes.backend.command("user", "remove", "mary@example.com")
    assert notes.database.execute("SELECT count(*) FROM notes") == [(0,)]
