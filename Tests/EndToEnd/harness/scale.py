"""How much a run tries: the usual run takes minutes, `make acceptance` what was promised."""

import os
import random
from typing import TypeVar

Value = TypeVar("Value")

IS_FULL = os.environ.get("GATEHOUSE_TEST_FULL", "") not in ("", "0")


def scaled(usual: Value, full: Value) -> Value:
    return full if IS_FULL else usual


def amount(name: str, usual: int, full: int) -> int:
    """A number that the environment may set: GATEHOUSE_TEST_ and the name."""
    return int(os.environ.get(f"GATEHOUSE_TEST_{name}", scaled(usual, full)))


def seed() -> int:
    """Where a random test begins: printed, and given by GATEHOUSE_TEST_SEED to begin there again.

    What the tests draw is the same then; how the machine interleaves it is not.
    """
    value = amount("SEED", random.randrange(10**6), random.randrange(10**6))
    print(f"GATEHOUSE_TEST_SEED={value}")
    return value
