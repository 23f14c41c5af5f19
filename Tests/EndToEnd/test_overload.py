"""Password hashing is expensive: the work is bounded, and its duration reveals nothing."""

import time
from concurrent.futures import ThreadPoolExecutor

from harness.client import Answer
from harness.nginx import ORIGIN
from harness.processes import cpu_ticks
from harness.site import Site


def log_in(
    site: Site, username: str, password: str, address: str = "127.0.0.1"
) -> Answer:
    credentials = {"username": username, "password": password}
    return site.client(address=address).send_json("POST", "/api/auth/login", credentials)


def test_a_full_queue_of_passwords_is_a_503_that_says_when(site_for) -> None:
    settings = {
        "GATEHOUSE_PASSWORD_COST": "11", "GATEHOUSE_HASHING_THREADS": "1",
        "GATEHOUSE_HASHING_QUEUE": "2"}
    with site_for("full", settings) as site, ThreadPoolExecutor(16) as pool:
        answers = [
            pool.submit(log_in, site, f"nobody{number}@example.com", "Nobody@123")
            for number in range(16)]
        started = time.monotonic()
        assert site.client().request("GET", "/health").status == 200
        assert time.monotonic() - started < 1, "other requests must not wait"
        statuses = [answer.result().status for answer in answers]
        busy = [answer.result() for answer in answers if answer.result().status == 503]

    assert set(statuses) == {401, 503}, statuses
    for answer in busy:
        assert int(answer.header("retry-after") or 0) > 0
        assert answer.json["statusCode"] == 503
        assert answer.header("access-control-allow-origin") == ORIGIN


def test_an_unknown_account_costs_the_same_work_as_a_known_one(site_for) -> None:
    with site_for("same", {"GATEHOUSE_PASSWORD_COST": "9"}) as site:
        # Gives the hash the configured cost, so that no login replaces it.
        site.backend.command("user", "password", "john@example.com", stdin="Newer@1234\n")
        process = site.backend.process.pid

        def work(username: str) -> int:
            before = cpu_ticks(process)
            # Uses many addresses, because the throttle would soon refuse a single one with 429.
            for number in range(20):
                address = f"127.0.1.{number}"
                assert log_in(site, username, "Wrong@1234", address).status == 401
            return cpu_ticks(process) - before

        known, unknown = work("john@example.com"), work("ghost@example.com")

    print(f"hundredths of a second for 20 logins: known {known}, unknown {unknown}")
    assert known > 20 and 0.7 < unknown / known < 1.4
