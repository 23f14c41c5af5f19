"""Instructions for each request, counted by callgrind in user space."""

import json
import pathlib
import re
import shutil
import subprocess

from .scene import RESPONDERS, TOOLS, Responder, Scene
from .table import table, verdict

KINDS = {"me": ("/api/auth/me", 500, 2500, 1.5), "people": ("/api/people", 200, 1000, 1.3)}
CALLGRIND = ("valgrind", "--tool=callgrind", "--error-limit=no", "--callgrind-out-file=counts")


def instructions(scene: Scene) -> None:
    print("Instructions for each request: callgrind, user space, one worker, one kept connection.")
    print("Each value is the difference of two runs of different length, so startup cancels out.")
    for kind, (target, few, many, bar) in KINDS.items():
        answers, figures, rows = {}, {}, []
        for name in RESPONDERS:
            less, _ = count(scene, name, target, few)
            more, answers[name] = count(scene, name, target, many)
            figures[name] = (more - less) / (many - few)
            rows.append([f"{kind}, {name}", f"{figures[name]:,.0f}", f"{less:,}", f"{more:,}"])
        same_answer(answers)
        table(["", "per request", f"run of {few}", f"run of {many}"], rows)
        verdict(f"/{kind}, gatehouse to floor", figures["gatehouse"] / figures["floor"], bar)


def count(scene: Scene, name: str, target: str, requests: int) -> tuple[int, bytes]:
    """Returns the instructions of a run, and the response that all its requests got."""
    with scene.responder(name, workers=1, under=CALLGRIND) as responder:
        answer = replay(scene, responder.socket, target, requests)
    return total(responder), answer


def total(responder: Responder) -> int:
    counts = pathlib.Path(responder.socket).with_name("counts").read_text(errors="replace")
    return int(re.search(r"^(?:summary|totals): (\d+)", counts, re.MULTILINE).group(1))


def replay(scene: Scene, socket: str, target: str, requests: int) -> bytes:
    path = scene.directory / "request"
    path.write_bytes(scene.request(target))
    return subprocess.run([TOOLS / "replay", socket, path, str(requests)], check=True,
                          stdout=subprocess.PIPE).stdout


def same_answer(answers: dict[str, bytes]) -> None:
    """Checks that both responses are equal, so that the floor does the same work."""
    floor, gatehouse = (answers[name].partition(b"\r\n\r\n") for name in ("floor", "gatehouse"))
    if json.loads(floor[2]) != json.loads(gatehouse[2]):
        raise SystemExit(f"the responses differ: {floor[2][:300]} and {gatehouse[2][:300]}")
    if sorted(floor[0].split(b"\r\n")) != sorted(gatehouse[0].split(b"\r\n")):
        print(f"  note: the heads differ: {floor[0]} and {gatehouse[0]}")


def profile(scene: Scene, kind: str, name: str, requests: int = 1000, lines: int = 40) -> None:
    """Prints which functions use the instructions of a request, after the first requests."""
    target = KINDS[kind][0]
    under = CALLGRIND + ("--instr-atstart=no", "--dump-instr=no")
    with scene.responder(name, workers=1, under=under) as responder:
        replay(scene, responder.socket, target, 100)
        switch(responder.pid, "on")
        replay(scene, responder.socket, target, requests)
        switch(responder.pid, "off")
    counts = pathlib.Path(responder.socket).with_name("counts")
    kept = TOOLS / f"profile-{name}-{kind}"
    shutil.copy(counts, kept)
    for inclusive in (False, True):
        print(f"\n/{kind}, {name}: instructions for each request, "
              f"{'with what is called' if inclusive else 'of the function itself'}")
        for cost, function in functions(counts, inclusive)[:lines]:
            print(f"  {cost / requests:>10,.0f}  {function[:150]}")
    print(f"\nFor the full profile, run: callgrind_annotate {kept}")


def switch(pid: int, state: str) -> None:
    subprocess.run(["callgrind_control", "-i", state, str(pid)], check=True, capture_output=True)


def functions(counts: pathlib.Path, inclusive: bool) -> list[tuple[int, str]]:
    """Returns costs and names of functions, the most expensive first.

    A function comes in parts: one for each file that was inlined into it, one for each await.
    Their own costs add up; of costs that contain one another, the largest counts.
    """
    text = subprocess.run(
        ["callgrind_annotate", f"--inclusive={'yes' if inclusive else 'no'}", "--threshold=100",
         "--auto=no", counts], capture_output=True, text=True, check=True).stdout
    if shutil.which("swift-demangle"):
        text = subprocess.run(["swift-demangle", "--simplified"], input=text, capture_output=True,
                              text=True, check=True).stdout
    costs: dict[str, int] = {}
    for total, function in re.findall(r"^ *([\d,]+) \( *[\d.]+%\) +(.*)$", text, re.MULTILINE):
        # file:function'recursion [object]
        function = re.sub(r"^(?:\?\?\?|\S*/\S+?|<[\w-]+>):", "", function)
        function = re.sub(r"(?:'\d+)?(?: \[[^\]]*\])?$", "", function)
        cost = int(total.replace(",", ""))
        known = costs.get(function, 0)
        costs[function] = max(known, cost) if inclusive else known + cost
    return sorted(((cost, name) for name, cost in costs.items()), reverse=True)
