"""docs/asvs.md is complete and names only what exists; requirements without another test hold."""

import re
from pathlib import Path

import pytest

from harness.backend import ROOT
from harness.client import Client
from harness.site import Site

# ASVS 5.0.0: the numbers of requirements of level 1 and of level 2 in each chapter. Chapters that
# do not apply at all are left out.
CHAPTERS = {
    1: (8, 19), 2: (4, 7), 3: (8, 11), 4: (2, 8), 6: (13, 22), 7: (6, 12), 8: (4, 3), 9: (4, 3),
    11: (3, 11), 12: (3, 6), 13: (1, 12), 14: (2, 7), 15: (3, 10), 16: (0, 16),
}
STATES = {"held", "strict", "exception", "operator", "open", "n/a"}
LEDGER = ROOT / "docs/asvs.md"
ROWS = re.findall(r"^\| (V[\d., V]+) \| ([12]) \| (.+?) \| (.+) \|$", LEDGER.read_text(), re.M)
FILES = [
    path for folder in ("Sources", "Tests", "web", "nginx", "systemd", "docs", "debian")
    for path in (ROOT / folder).rglob("*") if path.is_file()
] + [path for path in ROOT.iterdir() if path.is_file()]


def found(name: str) -> list[Path]:
    """Returns the file with that path, or all files with that name in any folder."""
    if "/" in name:
        return [path for path in FILES if path == ROOT / name]
    return [path for path in FILES if path.name == name]


def says(path: Path, test: str) -> bool:
    """Returns whether a file contains a test of that name, in Python, Swift or JavaScript."""
    text = path.read_text(errors="replace")
    if path.suffix == ".py":
        return re.search(rf"^def {re.escape(test)}\(", text, re.M) is not None
    # The name of a Swift test is on one line, however long it is.
    return f"func `{test}`" in text or f"test('{test}'" in text


def references(text: str) -> list[str]:
    """Returns all texts in backticks that name a file, with or without a test.

    A line of the document may end within one.
    """
    spans = [" ".join(span.split()) for span in re.findall(r"`([^`]+)`", text)]
    file = r"[\w+./-]+\.(swift|py|mjs|js|md|yaml|conf|service|socket|html|install)|debian/control"
    return [span for span in spans if re.fullmatch(rf"({file})(::.+)?", span)]


def test_every_requirement_has_a_row() -> None:
    for chapter, counts in CHAPTERS.items():
        rows = [row for row in ROWS if row[0].startswith(f"V{chapter}.")]
        for level, count in zip("12", counts):
            numbers = [number for row in rows if row[1] == level for number in row[0].split(", ")]
            assert len(set(numbers)) == len(numbers) == count, (chapter, level, sorted(numbers))


def test_every_row_has_a_state_and_evidence_if_held() -> None:
    for number, _, _, state in ROWS:
        stated = set(re.findall(r"\*\*(.+?)\*\*", state))
        assert stated and stated <= STATES, number
        assert "held" not in stated or references(state), number


@pytest.mark.parametrize("document", ["docs/asvs.md", "docs/threat-model.md"])
def test_every_named_file_and_test_exists(document: str) -> None:
    named = references((ROOT / document).read_text())
    assert len(named) > 20
    missing = []
    for reference in named:
        name, _, test = reference.partition("::")
        if not any(not test or says(path, test) for path in found(name)):
            missing.append(reference)
    assert missing == []


@pytest.mark.parametrize("target", ["/", "/health", "/api/auth/me", "/nope", "/app.js"])
def test_every_kind_of_answer_has_the_headers(target: str, client: Client) -> None:
    answer = client.request("GET", target, [("Accept", "text/html")] if target == "/" else [])
    age = re.fullmatch(
        r"max-age=(\d+); includeSubDomains", answer.header("strict-transport-security") or "")
    policy = answer.header("content-security-policy") or ""
    kind = answer.header("content-type") or ""

    assert age and int(age[1]) >= 31_536_000
    assert answer.header("x-content-type-options") == "nosniff"
    assert answer.header("referrer-policy") == "no-referrer"
    assert answer.header("cross-origin-resource-policy") == "same-origin"
    assert re.search(r"frame-ancestors '(none|self)'", policy)
    assert kind.endswith("; charset=utf-8")
    ours = target in ("/", "/app.js")
    assert answer.header("cache-control") == ("no-cache" if ours else "no-store")


def test_trace_is_refused(fresh: Site, client: Client) -> None:
    answer = client.request("TRACE", "/", [("Cookie", "accessToken=seen")])
    assert answer.status == 405 and b"seen" not in answer.body
