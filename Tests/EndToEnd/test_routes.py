"""Methods and paths beyond the recorded cases."""

import re

import pytest

from harness.backend import ROOT
from harness.client import Client, Tokens
from nginx_answers import is_problem

def documented_paths() -> dict[str, set[str]]:
    """Every path of the API description with its methods; GET implies HEAD."""
    paths: dict[str, set[str]] = {}
    path = ""
    for line in (ROOT / "docs" / "openapi.yaml").read_text().splitlines():
        if found := re.fullmatch(r"  (/\S*):", line):
            path = found[1].replace("{id}", "1")
            paths[path] = set()
        elif line and not line.startswith(" "):
            path = ""
        elif path and (found := re.fullmatch(r"    ([a-z]+):", line)):
            paths[path] |= {"get": {"GET", "HEAD"}, "parameters": set()}.get(
                found[1], {found[1].upper()})
    return paths


PATHS = documented_paths()
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}


@pytest.mark.parametrize("path", PATHS)
def test_an_unsupported_method_is_a_405_that_lists_the_supported_ones(
    path: str, client: Client, pair: Tokens
) -> None:
    for method in METHODS - PATHS[path] - {"HEAD"}:
        for headers in [], pair.bearer:
            answer = client.request(method, path, headers)
            assert is_problem(answer, 405, "Method not allowed")
            assert set((answer.header("allow") or "").split(", ")) == PATHS[path]


@pytest.mark.parametrize("path", [path for path in PATHS if "HEAD" in PATHS[path]])
def test_head_is_get_without_the_body(path: str, client: Client, pair: Tokens) -> None:
    head = client.request("HEAD", path, pair.bearer)
    get = client.request("GET", path, pair.bearer)

    assert (head.status, head.body) == (200, b"") and get.body
    assert head.header("content-length") == get.header("content-length")
    assert head.header("content-type") == get.header("content-type")


@pytest.mark.parametrize("path", [path for path in PATHS if "GET" in PATHS[path]])
def test_one_trailing_slash_is_accepted_and_a_second_is_not(
    path: str, client: Client, pair: Tokens
) -> None:
    assert client.request("GET", path + "/", pair.bearer).status == 200
    assert is_problem(client.request("GET", path + "//", pair.bearer), 404, "Route not found")


@pytest.mark.parametrize("path", [
    "/api/People", "/API/people", "/api/people/1/2", "/api/people;x", "/api/auth", "/healthy",
    "/api/%70eople", "/api//people"])
def test_another_spelling_is_another_path(path: str, client: Client, pair: Tokens) -> None:
    assert is_problem(client.request("GET", path, pair.bearer), 404, "Route not found")


@pytest.mark.parametrize("number", [
    "0", "01", "-1", "+1", "1.0", "9223372036854775807", "9223372036854775808", "1e0", "0x1",
    "%00x", "%D9%A1", "1%20", "9" * 400])
def test_an_unknown_or_malformed_id_is_a_404(number: str, client: Client, pair: Tokens) -> None:
    names = {"firstName": "A", "lastName": "B"}
    path = f"/api/people/{number}"
    for answer in (
        client.request("GET", path, pair.bearer),
        client.send_json("PUT", path, names, pair.bearer),
        client.request("DELETE", path, pair.bearer),
    ):
        assert answer.status == 404, answer.body
