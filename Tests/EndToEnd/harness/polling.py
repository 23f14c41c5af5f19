"""Waits for a condition instead of sleeping for a fixed time."""

import time
from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")


def until(condition: Callable[[], Value], what: str, within: float = 10.0) -> Value:
    """Polls until the condition's value is true and returns it; fails after the deadline.

    `what` describes the condition in the error.
    """
    deadline = time.monotonic() + within
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within} s: {what}")
        time.sleep(0.005)
