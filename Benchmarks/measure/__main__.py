"""The main program; `Benchmarks/run` starts it after building the C programs."""

import argparse
import os

from .instructions import KINDS, instructions, profile
from .load import starvation, throughput
from .memory import memory, readiness
from .pages import pages
from .scene import CORES, GATEHOUSE, RESPONDERS, scene
from .retries import retries
from .sign_in import sign_in
from .storm import storm

parser = argparse.ArgumentParser(prog="Benchmarks/run", description="Measures Gatehouse.")
parser.add_argument("what", nargs="?", default="all", choices=[
    "instructions", "sign-in", "pages", "throughput", "starvation", "storm", "retries", "memory",
    "profile", "all"])
parser.add_argument("kind", nargs="?", default="me", choices=list(KINDS), help="for profile")
parser.add_argument("--of", default="gatehouse", choices=list(RESPONDERS), help="for profile")
parser.add_argument("--rounds", type=int, help="of throughput (9), storm (3) and retries (3)")
parser.add_argument("--seconds", type=int,
                    help="of each part: throughput (3), starvation (5), storm (10), retries (10)")
parser.add_argument("--long", action="store_true", help="memory: up to 1,000,000 requests")
options = parser.parse_args()

if not GATEHOUSE.exists():
    raise SystemExit(f"{GATEHOUSE} does not exist: run `make release`, or set GATEHOUSE_BINARY")

load = os.getloadavg()[0]
if load > 0.3 * CORES:
    print(f"note: the machine is busy (load {load:.1f}): trust instructions and ratios, not times")
    print()

with scene() as here:
    parts = {
        "instructions": lambda: instructions(here),
        "sign-in": sign_in,
        "pages": pages,
        "throughput": lambda: throughput(here, options.rounds or 9, options.seconds or 3),
        "starvation": lambda: starvation(here, options.seconds or 5),
        "storm": lambda: storm(here, options.rounds or 3, options.seconds or 10),
        "retries": lambda: retries(here, options.rounds or 3, options.seconds or 10),
        "memory": lambda: (memory(here, options.long), print(), readiness(here)),
        "profile": lambda: profile(here, options.kind, options.of),
    }
    chosen = [options.what] if options.what != "all" else [p for p in parts if p != "profile"]
    for part in chosen:
        parts[part]()
        print()
