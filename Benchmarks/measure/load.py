"""Requests a second behind nginx, and whether all connections are served fairly."""

import statistics

from .scene import RESPONDERS, Scene
from .table import table, verdict
from .web import http_request, nginx, result, start_clients, wrk

TARGETS = {"me": ("/api/auth/me", 0.85), "people": ("/api/people", None)}


def throughput(scene: Scene, rounds: int, seconds: int) -> None:
    print(f"Requests a second: nginx and wrk on the same cores, 32 kept connections, {seconds} s "
          f"each in turn, {rounds} rounds.")
    print("CPU is the user and system time of the responder for each request.")
    with scene.responder("floor") as floor, scene.responder("gatehouse") as gatehouse:
        responders = {"floor": floor, "gatehouse": gatehouse}
        with nginx(scene, responders) as ports:
            for kind, (target, bar) in TARGETS.items():
                compare(scene, responders, ports, kind, target, bar, rounds, seconds)
        # As a login, a refresh and each request of nginx's auth_request.
        with nginx(scene, responders, usual="fresh") as ports:
            compare(scene, responders, ports, "me, fresh", "/api/auth/me", None, rounds, seconds)


def compare(scene, responders, ports, kind, target, bar, rounds, seconds) -> None:
    for name in RESPONDERS:
        wrk(scene, ports[name], target, 1)
    rows, ratios, processor_ratios = [], [], []
    for number in range(rounds):
        # The load of the machine may change between two measurements: alternate the order.
        figures = {}
        for name in list(RESPONDERS)[::-1 if number % 2 else 1]:
            before = responders[name].processor_seconds()
            figures[name] = wrk(scene, ports[name], target, seconds)
            used = responders[name].processor_seconds() - before
            figures[name]["processor"] = used / figures[name]["requests"] * 1e6
        floor, gatehouse = figures["floor"], figures["gatehouse"]
        ratios.append(gatehouse["rate"] / floor["rate"])
        processor_ratios.append(gatehouse["processor"] / floor["processor"])
        rows.append([f"{kind}, round {number + 1}", f"{floor['rate']:,.0f}",
                     f"{gatehouse['rate']:,.0f}", f"{ratios[-1]:.3f}",
                     f"{floor['processor']:.1f}", f"{gatehouse['processor']:.1f}",
                     f"{processor_ratios[-1]:.3f}", f"{floor['p99']:.2f}",
                     f"{gatehouse['p99']:.2f}"])
    table(["", "floor/s", "gatehouse/s", "ratio", "floor µs", "gatehouse µs", "ratio",
           "floor p99 ms", "gatehouse p99 ms"], rows)
    print(f"  median CPU ratio: {statistics.median(processor_ratios):.3f}")
    if bar:
        verdict(f"/{kind}, median of gatehouse to floor", statistics.median(ratios), bar, False)
    else:
        print(f"  /{kind}, median of gatehouse to floor: {statistics.median(ratios):.2f}")


def starvation(scene: Scene, seconds: int, connections: int = 128) -> None:
    print(f"Responses on each of {connections} connections that send requests without pause, "
          f"{seconds} s, behind nginx.")
    rows, least = [], 0
    for name in RESPONDERS:
        with scene.responder(name) as responder, nginx(scene, {name: responder}) as ports:
            ask = http_request("GET", "/api/auth/me", scene.cookie)
            found = result(start_clients(scene, ports[name], [ask], connections, seconds=seconds))
        least = found["connection_min"]
        rows.append([name, found["connection_min"], found["connection_median"],
                     found["connection_max"], f"{found['p99'] / 1000:.1f}",
                     f"{found['max'] / 1000:.1f}", found["statuses"]])
    table(["", "least", "median", "most", "p99 ms", "worst ms", "statuses"], rows)
    verdict("answers of the connection that got the fewest from gatehouse", least, 1, False)
