"""The cost of a page of people, in a small and in a large table."""

import re
from collections.abc import Iterable

from . import fastcgi
from .instructions import count
from .scene import Scene, scene
from .table import table, verdict

FEW, MANY, PAGE, BAR = 1_000, 1_000_000, 100, 1.2
SHORT_RUN, LONG_RUN = 50, 150


def distinct(number: int) -> Iterable[tuple[int, str, str]]:
    """Returns distinct names, such that neighbours by name are far apart in the table."""
    for n in range(number):
        yield MANY + n, f"Given{n * 7919 % number:07}", f"O'Family{n * 104729 % number:07}"


def alike(number: int) -> Iterable[tuple[int, str, str]]:
    return ((MANY + n, "Ann", "Anderson") for n in range(number))


# By case: the names in the table, and the names to search for.
CROWDS = {
    "distinct": (distinct, {"first": "", "middle": "", "by last name": "o'family00005",
                            "by first name": "given00005"}),
    "alike": (alike, {"first": "", "middle": "", "by last name": "and", "by first name": "ann"}),
}


def pages() -> None:
    print(f"Instructions for a page of {PAGE} people: callgrind, user space, one worker, one kept "
          "connection.")
    for crowd, (people, searches) in CROWDS.items():
        costs = {}
        for number in FEW, MANY:
            with scene(people(number)) as here:
                for name, search in searches.items():
                    target = f"/api/people?limit={PAGE}&q={search}"
                    if name == "middle":
                        target = middle(here, number)
                    costs[name, number] = cost(here, target)
        rows = [[f"{crowd}, {name}", *(f"{costs[name, number]:,.0f}" for number in (FEW, MANY)),
                 f"{costs[name, MANY] / costs[name, FEW]:.3f}"] for name in searches]
        table(["", f"of {FEW:,}", f"of {MANY:,}", "ratio"], rows)
        worst = max(costs[name, MANY] / costs[name, FEW] for name in searches)
        verdict(f"{crowd}, the worst page of many to that of few", worst, BAR)


def cost(scene: Scene, target: str) -> float:
    """Returns the difference of two runs of different length, so that startup cancels out."""
    less, _ = count(scene, "gatehouse", target, SHORT_RUN)
    more, answer = count(scene, "gatehouse", target, LONG_RUN)
    if answer.count(b'"id":') != PAGE:
        raise SystemExit(f"{target} did not return a page of {PAGE} people: {answer[:300]}")
    return (more - less) / (LONG_RUN - SHORT_RUN)


def middle(scene: Scene, number: int) -> str:
    """Returns the target of the page after the first half, following links as a client does."""
    step = min(number // 2, 1000)
    target = f"/api/people?limit={step}"
    with scene.responder("gatehouse") as responder:
        for _ in range(number // 2 // step):
            head, _ = fastcgi.ask(responder.socket, scene.request(target))
            target = re.search(rb"Link: <([^>]+)>", head, re.IGNORECASE)[1].decode()
    return re.sub(r"limit=\d+", f"limit={PAGE}", target)
