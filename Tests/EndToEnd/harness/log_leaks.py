"""Every value of the run that no log may show, and the search for it."""

import json
import re
from pathlib import Path
from urllib.parse import parse_qsl

_values: set[str] = set()

# What is confidential by its shape, whoever made it: a token, a password's hash, an address.
# The addresses of other hosts and certificates' subjects do not occur in these logs.
_SHAPES = {
    "a token": re.compile(rb"eyJ[A-Za-z0-9_-]{8,}"),
    "a password's hash": re.compile(rb"\$2[abxy]\$\d\d\$|\$y\$j"),
    "an e-mail address": re.compile(rb"[\w.+'-]+@[\w-]+\.[A-Za-z]{2,}"),
}
_NAMES = {"email", "username", "password", "accessToken", "refreshToken"}


def register(*values: str) -> None:
    """Remembers values to look for; short ones would be found in innocent words."""
    _values.update(value for value in values if len(value) >= 8)


def register_body(body: bytes) -> None:
    """Remembers the credentials in a request's or answer's body, JSON or form."""
    try:
        content = json.loads(body)
    except RecursionError:
        return  # nested for the sake of nesting
    except ValueError:
        content = dict(parse_qsl(body.decode(errors="replace")))
    if isinstance(content, dict):
        register(*(
            value for name, value in content.items()
            if name in _NAMES and isinstance(value, str)))


def leaks(directory: Path) -> list[str]:
    """Where logs under the directory show what they must not: one line a finding."""
    logs = sorted(path for path in directory.rglob("*.log") if path.stat().st_size)
    found = []
    needles = [value.encode() for value in _values if "." not in value or len(value) < 60]
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
    """How many bytes of logs there are: a search of nothing proves nothing."""
    return sum(path.stat().st_size for path in directory.rglob("*.log"))
