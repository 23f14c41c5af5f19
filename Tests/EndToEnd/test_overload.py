"""Password hashing is expensive: the work is bounded, and its duration reveals nothing."""

import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from harness.client import Answer
from harness.nginx import ORIGIN
from harness.polling import until
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


# One thread that hashes a password in some hundredths of a second, and a short queue: a few clients fill
# it. The guessers use unknown accounts from many addresses, because the throttle would soon refuse
# a single one.
BUSY = {
    "GATEHOUSE_PASSWORD_COST": "9", "GATEHOUSE_HASHING_THREADS": "1",
    "GATEHOUSE_HASHING_QUEUE": "4"}


@contextmanager
def guessers(site: Site, addresses: list[str]) -> Iterator[Counter]:
    """Lets a client of each address send logins without a pause, and counts their statuses."""
    statuses: Counter = Counter()
    over = threading.Event()

    def guess(number: int, address: str) -> None:
        client = site.client(address=address)
        for attempt in range(10**6):
            if over.is_set():
                return
            credentials = {"username": f"a{number}b{attempt}@example.com", "password": "Wrong@123"}
            statuses[client.send_json("POST", "/api/auth/login", credentials).status] += 1

    with ThreadPoolExecutor(len(addresses)) as pool:
        guesses = [pool.submit(guess, *one) for one in enumerate(addresses)]
        try:
            until(lambda: statuses[503], "the queue of passwords is full")
            yield statuses
        finally:
            over.set()
    for one in guesses:
        one.result()


def test_owners_on_known_devices_are_served_while_others_fill_the_queue(site_for) -> None:
    with site_for("known", BUSY) as site:
        client = site.client()
        credentials = {"username": "john@example.com", "password": "John@123"}
        first = client.send_json("POST", "/api/auth/login", credentials)
        cookie = [("Cookie", f"device={first.cookies['device'].value}")]

        with guessers(site, [f"127.0.3.{number}" for number in range(12)]) as statuses:
            known = [
                client.send_json("POST", "/api/auth/login", credentials, cookie).status
                for _ in range(10)]

    assert known == [200] * 10
    assert statuses[401] > 0, "every eighth password is the one that has waited longest"


def test_a_new_device_gets_its_turn_however_much_one_network_sends(site_for) -> None:
    with site_for("turns", BUSY) as site, guessers(site, ["127.0.3.1"] * 12):
        new = [log_in(site, "john@example.com", "John@123", f"127.0.4.{n}").status for n in range(5)]
        taken = site.client(address="127.0.4.9").send_json(
            "POST", "/api/auth/signup", {"email": "john@example.com", "password": "John@123"})

    assert new == [200] * 5
    assert taken.status == 409, "a taken address is told without hashing"


def test_a_client_that_retries_at_once_is_refused_once_in_a_second(site_for) -> None:
    clients = 20
    with site_for("retries", BUSY | {"GATEHOUSE_REFUSAL_DELAY": "1"}) as site:
        start = time.monotonic()
        with guessers(site, [f"127.0.3.{number}" for number in range(clients)]) as statuses:
            until(lambda: statuses[401] >= 20, "some logins are hashed")
        seconds = time.monotonic() - start

    print(f"{statuses} in {seconds:.1f} s")
    assert 0 < statuses[503] <= clients * (seconds + 1)


def test_a_refused_login_that_waits_is_answered_when_the_server_stops(site_for) -> None:
    settings = {"GATEHOUSE_REFUSAL_DELAY": "10"}
    with site_for("waits", settings) as site, ThreadPoolExecutor(1) as pool:
        for _ in range(9):
            assert log_in(site, "john@example.com", "Wrong@1234").status == 401
        answers: list[int] = []
        while 429 not in answers and len(answers) < 5:
            refused = pool.submit(log_in, site, "john@example.com", "Wrong@1234")
            # It is answered at once unless it is refused.
            try:
                answers.append(refused.result(timeout=2).status)
            except TimeoutError:
                start = time.monotonic()
                site.backend.process.send_signal(signal.SIGTERM)
                answers.append(refused.result().status)
                assert time.monotonic() - start < 7
                break

    assert answers[-1] == 429
