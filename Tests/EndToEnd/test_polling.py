"""No test sleeps where it could wait for a condition (harness/polling.py)."""

import ast
from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).parent
# Programs that users would write run on their own, without the harness.
MODULES = [path for path in FOLDER.rglob("*.py") if path.parent.name != "programs"]


def calls(path: Path, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and name in (
                getattr(node.func, "id", None), getattr(node.func, "attr", None)):
            yield node


def test_only_one_module_sleeps() -> None:
    assert {path.name for path in MODULES if any(calls(path, "sleep"))} == {"polling.py"}


def test_every_pause_has_a_comment_that_says_why() -> None:
    pauses = [(path, call.lineno) for path in MODULES for call in calls(path, "pause")]
    assert len(pauses) > 5
    uncommented = []
    for path, number in pauses:
        lines = path.read_text().splitlines()
        if not lines[number - 2].lstrip().startswith("#"):
            uncommented.append(f"{path.name}:{number}")
    assert uncommented == []
