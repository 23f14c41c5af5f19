"""Clients that repeat a refused login at once must not take the processor from the logins."""

import statistics

from .scene import EMAIL, PASSWORD, Scene
from .table import table, verdict
from .web import http_request, nginx, result, start_clients

FEW, MANY = 8, 256


def retries(scene: Scene, rounds: int, seconds: int) -> None:
    print(f"{FEW} clients log in without pause, then {MANY}, which is more than may wait, so most "
          "are refused and repeat at once.")
    print("In the meantime a further client logs in. Its slowest 503 tells how long a refusal takes;")
    print("its slowest response is a login that waits in the queue of passwords.")
    rows, ratios, slowest = [], [], []
    log_in = http_request("POST", "/api/auth/login", {}, {"username": EMAIL, "password": PASSWORD})
    with scene.responder("gatehouse") as gatehouse:
        with nginx(scene, {"gatehouse": gatehouse}) as ports:
            port = ports["gatehouse"]
            for number in range(rounds):
                few = result(start_clients(scene, port, [log_in], FEW, seconds=seconds))
                crowd = start_clients(scene, port, [log_in], MANY, seconds=seconds)
                other = result(start_clients(scene, port, [log_in], 1, seconds=seconds - 1))
                many = result(crowd)
                peak, goodput = (found["statuses"].get("200", 0) for found in (few, many))
                goodput += other["statuses"].get("200", 0)
                ratios.append(goodput / peak)
                slowest.append(max(other["max_503"], many["max_503"]) / 1e6)
                rows.append([f"round {number + 1}", f"{peak / seconds:.1f}",
                             f"{goodput / seconds:.1f}",
                             f"{many['statuses'].get('503', 0) / seconds:.1f}",
                             f"{goodput / peak:.2f}", f"{slowest[-1]:.2f}",
                             f"{other['max'] / 1e6:.2f}"])
    table(["logins/s", f"{FEW} clients", f"{MANY} clients", "refusals/s", "ratio",
           "slowest 503, s", "slowest response, s"], rows)
    verdict("logins, median of many clients to few", statistics.median(ratios), 0.9, False)
    verdict("the slowest 503, in seconds", max(slowest), 2)
