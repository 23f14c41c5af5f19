"""Waiting for a condition; nothing in these tests sleeps for a fixed time."""

import time
from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")


def until(condition: Callable[[], Value], what: str, within: float = 10.0) -> Value:
    """Asks until the answer is true and returns it; past the deadline, fails and says for what."""
    deadline = time.monotonic() + within
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within} s: {what}")
        time.sleep(0.005)
