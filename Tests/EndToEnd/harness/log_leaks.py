"""Collects the confidential values of a test run and searches the logs for them."""

import json
import re
from pathlib import Path
from urllib.parse import parse_qsl

_values: set[str] = set()

# Values that are confidential wherever they come from, recognized by their shape: tokens, password
# hashes, e-mail addresses. Harmless matches, such as addresses of other hosts or in certificates'
# subjects, do not occur in these logs.
_SHAPES = {
    "a token": re.compile(rb"eyJ[A-Za-z0-9_-]{8,}"),
    "a password's hash": re.compile(rb"\$2[abxy]\$\d\d\$|\$y\$j"),
    "an e-mail address": re.compile(rb"[\w.+'-]+@[\w-]+\.[A-Za-z]{2,}"),
}
_NAMES = {"email", "username", "password", "accessToken", "refreshToken"}


def register(*values: str) -> None:
    """Remembers values to search for, except short ones, which could occur in ordinary words."""
    _values.update(value for value in values if len(value) >= 8)


def register_body(body: bytes) -> None:
    """Remembers the credentials in the body of a request or a response, JSON or form."""
    try:
        content = json.loads(body)
    except RecursionError:
        return  # a test of deep nesting, without credentials
    except ValueError:
        content = dict(parse_qsl(body.decode(errors="replace")))
    if isinstance(content, dict):
        register(*(
            value for name, value in content.items()
            if name in _NAMES and isinstance(value, str)))


def leaks(directory: Path) -> list[str]:
    """Lists where logs under the directory show confidential values, one line for each finding."""
    logs = sorted(path for path in directory.rglob("*.log") if path.stat().st_size)
    found = []
    # A lone surrogate, as JSON may have it, has no UTF-8. A log would have a replacement for it.
    needles = [value.encode(errors="replace") for value in _values
               if "." not in value or len(value) < 60]
    parts = {part for value in _values for part in value.split(".") if len(part) >= 40}
    for log in logs:
        content = log.read_bytes()
        for what, shape in _SHAPES.items():
            if match := shape.search(content):
                found.append(f"{log}: {what} at byte {match.start()}")
        found += [f"{log}: a value of the run at byte {content.index(needle)}"
                  for needle in needles if needle in content]
        words = {word.decode() for word in re.findall(rb"[A-Za-z0-9_-]{40,}", content)}
        found += [f"{log}: a part of a token of the run" for _ in words & parts]
    return found


def logs_examined(directory: Path) -> int:
    """Returns the size of all logs in bytes: a search of empty logs proves nothing."""
    return sum(path.stat().st_size for path in directory.rglob("*.log"))
