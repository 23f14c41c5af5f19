"""Waits for a condition instead of a fixed time, except where the time itself matters.

No other module of these tests sleeps (test_polling.py).
"""

import time
from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")


def until(condition: Callable[[], Value], what: str, within: float = 20.0) -> Value:
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


def pause(seconds: float) -> None:
    """Lets real time pass, where there is nothing to wait for but the time.

    That is so for a rule about time, which nothing outside of the server shows to have passed, for
    a simulated network, for the interval in which a client polls, and for the random moment of a
    race. Each call has a comment that says which of them it is.
    """
    time.sleep(seconds)
