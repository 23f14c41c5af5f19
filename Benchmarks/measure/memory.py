"""Memory at rest and after long use; the time from start to the first response."""

import random
import statistics

from .scene import EMAIL, PASSWORD, RESPONDERS, Scene
from .table import table, verdict
from .web import http_request, nginx, result, start_clients

SEED = 20


def memory(scene: Scene, long: bool) -> None:
    marks = [10_000, 100_000] + [250_000, 500_000, 1_000_000] * long
    print("Resident memory in MB (proc(5): VmRSS, its anonymous part, and the peak),")
    print("after mixed requests on 32 connections behind nginx: reads, writes, refusals, logins.")
    rows, sizes, done, statuses = [], {}, 0, {}
    with scene.responder("gatehouse") as gatehouse:
        with nginx(scene, {"gatehouse": gatehouse}) as ports:
            for mark in [0] + marks:
                if mark > done:
                    clients = start_clients(scene, ports["gatehouse"], mixture(scene), 32,
                                            count=mark - done)
                    statuses = result(clients)["statuses"]
                    done = mark
                sizes[mark] = gatehouse.memory("VmRSS")
                rows.append([f"after {mark:,} requests", f"{sizes[mark]:.1f}",
                             f"{gatehouse.memory('RssAnon'):.1f}",
                             f"{gatehouse.memory('VmHWM'):.1f}"])
    table(["", "resident", "anonymous", "most"], rows)
    print(f"  responses of the last part: {statuses}; seed {SEED}")
    verdict("MB at rest", sizes[0], 20)
    verdict("MB after 100,000", sizes[100_000], 48)
    if long:
        verdict("MB after 1,000,000 to after 100,000", sizes[1_000_000] / sizes[100_000], 1.05)


def mixture(scene: Scene) -> list[bytes]:
    """Returns 500 requests in a fixed random order; one of them is a login, which is slow."""
    signed_in = scene.cookie
    rename = {"firstName": "Given", "lastName": "Family \u201cquoted\u201d"}
    requests = (
        [http_request("GET", "/api/auth/me", signed_in)] * 289
        + [http_request("GET", "/api/people", signed_in)] * 80
        + [http_request("GET", "/api/people/7", signed_in)] * 50
        + [http_request("PUT", "/api/people/7", signed_in, rename)] * 30
        + [http_request("GET", "/health", {})] * 15
        + [http_request("GET", "/api/people/9999999", signed_in)] * 10
        + [http_request("GET", "/nowhere?at=all", {})] * 10
        + [http_request("GET", "/api/auth/me", {})] * 5
        + [http_request("GET", "/api/auth/me", {"Authorization": "Bearer " + scene.token[:-2]})] * 5
        + [http_request("POST", "/api/auth/signup", {}, {"email": "no-address"})] * 5
        + [http_request("POST", "/api/auth/login", {}, {"username": EMAIL, "password": PASSWORD})])
    random.Random(SEED).shuffle(requests)
    return requests


def readiness(scene: Scene, times: int = 10) -> None:
    print(f"From exec to the first response, in ms, {times} starts each; the database exists.")
    rows, middle = [], 0.0
    for name in RESPONDERS:
        found = []
        for _ in range(times):
            with scene.responder(name) as responder:
                found.append(responder.ready * 1000)
        middle = statistics.median(found)
        rows.append([name, f"{min(found):.1f}", f"{middle:.1f}", f"{max(found):.1f}"])
    table(["", "best", "median", "worst"], rows)
    verdict("ms, gatehouse's median", middle, 100)
