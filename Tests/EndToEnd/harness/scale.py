"""How much a test run does: the usual run takes minutes, `make acceptance` an hour or more."""

import os
import random
from typing import TypeVar

Value = TypeVar("Value")

IS_FULL = os.environ.get("GATEHOUSE_TEST_FULL", "") not in ("", "0")


def scaled(usual: Value, full: Value) -> Value:
    return full if IS_FULL else usual


def amount(name: str, usual: int, full: int) -> int:
    """Returns the number in the environment variable GATEHOUSE_TEST_<name>, or else the default."""
    return int(os.environ.get(f"GATEHOUSE_TEST_{name}", scaled(usual, full)))


def seed() -> int:
    """Returns the seed of a random test and prints it; GATEHOUSE_TEST_SEED sets it.

    The same seed repeats the random choices, but not how the machine interleaves the threads.
    """
    value = amount("SEED", random.randrange(10**6), random.randrange(10**6))
    print(f"GATEHOUSE_TEST_SEED={value}")
    return value
