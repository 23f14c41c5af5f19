"""Logins are slow on purpose; they must not slow down other requests."""

import statistics
import subprocess
import time

from .scene import CORES, EMAIL, PASSWORD, TOOLS, Scene
from .table import table, verdict
from .web import http_request, nginx, result, start_clients

CLIENTS, RATE = 32, 200


def storm(scene: Scene, rounds: int, seconds: int) -> None:
    print(f"{CLIENTS} clients log in without pause while /me is requested {RATE} times a second at "
          "fixed times, behind nginx.")
    print(f"Latency is measured from the time a request was due. Bare: crypt_r on {CORES} threads, "
          "nothing else, before and after.")
    with scene.responder("gatehouse") as gatehouse:
        with nginx(scene, {"gatehouse": gatehouse}) as ports:
            figures = [one_round(scene, ports["gatehouse"], seconds) for _ in range(rounds)]
    rows = [[f"round {number + 1}", *(f"{idle[key] / 1000:.2f}" for key in ("p50", "p99", "max")),
             *(f"{busy[key] / 1000:.2f}" for key in ("p50", "p99", "max")),
             f"{busy['p99'] / idle['p99']:.2f}", f"{logins:.1f}", f"{bare:.1f}",
             f"{logins / bare:.2f}"]
            for number, (idle, busy, logins, bare) in enumerate(figures)]
    table(["/me in ms", "idle p50", "p99", "worst", "storm p50", "p99", "worst", "p99 ratio",
           "logins/s", "bare/s", "ratio"], rows)
    verdict("/me, median p99 in the storm to idle",
            statistics.median(busy["p99"] / idle["p99"] for idle, busy, _, _ in figures), 3)
    verdict("logins, median to bare crypt_r",
            statistics.median(logins / bare for _, _, logins, bare in figures), 0.9, False)


def one_round(scene: Scene, port: int, seconds: int) -> tuple[dict, dict, float, float]:
    ask = http_request("GET", "/api/auth/me", scene.cookie)
    log_in = http_request("POST", "/api/auth/login", {}, {"username": EMAIL, "password": PASSWORD})

    before = bare(3)
    idle = result(start_clients(scene, port, [ask], CLIENTS, seconds=seconds, rate=RATE))
    logins = start_clients(scene, port, [log_in], CLIENTS, seconds=seconds + 2)
    time.sleep(1)  # until the queue is full
    busy = result(start_clients(scene, port, [ask], CLIENTS, seconds=seconds, rate=RATE))
    logins = result(logins)
    after = bare(3)

    for name, found in (("/me", idle), ("/me", busy), ("login", logins)):
        if set(found["statuses"]) != {"200"}:
            print(f"  note: {name} got the statuses {found['statuses']}")
    return idle, busy, logins["in_time"] / (seconds + 2), (before + after) / 2


def bare(seconds: int) -> float:
    return float(subprocess.run([TOOLS / "bare_crypt", str(CORES), str(seconds)], check=True,
                                capture_output=True, text=True).stdout)
