"""The list of all people is bounded, and needs little memory however slowly it is read."""

import http.client
import json
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from harness.client import Tokens
from harness.fastcgi import Peer, request
from harness.site import Site
from nginx_answers import is_problem

LIMIT = 100_000
# Each name has 30 bytes in the database and 180 in JSON.
NAME = "\u0001" * 30
MEGABYTE = 1 << 20


@pytest.fixture(scope="module")
def crowded(site_for: Callable[..., Site]) -> Iterator[Site]:
    """A site with as many people as the default limit allows, whose list has 40 MB."""
    with site_for("crowded") as site:
        site.database.execute("BEGIN")
        site.database.execute("DELETE FROM people")
        site.database.connection.executemany(
            "INSERT INTO people VALUES (?, ?, ?)",
            ((number, NAME, NAME) for number in range(1, LIMIT + 1)))
        site.database.execute("COMMIT")
        yield site


@pytest.fixture
def pair(crowded: Site) -> Tokens:
    with closing(crowded.client()) as client:
        return client.log_in("admin@example.com", "Admin@123")


def memory(site: Site, what: str) -> int:
    status = Path(f"/proc/{site.backend.process.pid}/status").read_text()
    return int(re.search(rf"{what}:\s+(\d+) kB", status)[1]) * 1024


def forget_peak(site: Site) -> None:
    Path(f"/proc/{site.backend.process.pid}/clear_refs").write_text("5")


def asking(site: Site, pair: Tokens) -> Peer:
    """A web server that has asked for the list and reads nothing."""
    peer = Peer(site.backend.socket_path)
    peer.send(request("GET", "/api/people", {"HTTP_AUTHORIZATION": f"Bearer {pair.access}"}))
    return peer


def test_a_list_at_the_limit_needs_little_memory(crowded: Site, pair: Tokens) -> None:
    with closing(crowded.client()) as client:
        client.request("GET", "/api/people?limit=1", pair.bearer)
        forget_peak(crowded)
        before = memory(crowded, "VmRSS")

        answer = client.request("GET", "/api/people", pair.bearer)

        grown = memory(crowded, "VmHWM") - before
        assert answer.status == 200 and answer.header("content-length") is None
        assert answer.header("content-type") == "application/json; charset=utf-8"
        people = answer.json
        assert [person["id"] for person in people] == list(range(1, LIMIT + 1))
        assert {person["firstName"] for person in people} == {NAME}
        print(f"{len(answer.body)} bytes cost {grown} bytes of memory")
        assert grown <= 8 * MEGABYTE

        head = client.request("HEAD", "/api/people", pair.bearer)
        assert (head.status, head.body) == (200, b"")


def test_clients_that_read_nothing_hold_neither_memory_nor_workers_nor_the_log(
    crowded: Site, pair: Tokens
) -> None:
    forget_peak(crowded)
    before = memory(crowded, "VmRSS")
    peers = [asking(crowded, pair) for _ in range(30)]
    try:
        with closing(crowded.client()) as client:
            slowest = 0.0
            for _ in range(100):
                started = time.monotonic()
                assert client.request("GET", "/api/auth/me", pair.bearer).status == 200
                slowest = max(slowest, time.monotonic() - started)
            person = {"firstName": "Ada", "lastName": "King"}
            assert client.send_json("PUT", "/api/people/1", person, pair.bearer).status == 204
        grown = memory(crowded, "VmHWM") - before
        print(f"30 unread lists cost {grown} bytes; the slowest /me took {slowest:.3f} s")
        assert grown <= 16 * MEGABYTE
        # A worker that waits for a peer waits for five seconds.
        assert slowest < 2.5
        # A transaction that still reads would keep the log from being emptied.
        busy, _, _ = crowded.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")[0]
        assert busy == 0
    finally:
        for peer in peers:
            peer.socket.close()


def test_a_list_that_is_cut_off_is_not_taken_for_a_whole_one(
    crowded: Site, pair: Tokens
) -> None:
    with closing(crowded.client()) as client:
        client.connection.request("GET", "/api/people", headers=dict(pair.bearer))
        response = client.connection.getresponse()
        content = response.read(1000)

        crowded.backend.kill()

        with pytest.raises((http.client.IncompleteRead, ConnectionError)):
            while part := response.read(65536):
                content += part
        with pytest.raises(ValueError):
            json.loads(content)
    crowded.backend.start()


def test_accounts_at_full_speed_do_not_exceed_the_limit(site_for: Callable[..., Site]) -> None:
    with site_for("bounded", {"GATEHOUSE_PEOPLE_LIMIT": "50"}) as site:
        def add(name: str) -> list[int]:
            with closing(site.client()) as client:
                pair = client.log_in(name, "John@123")
                person = {"firstName": NAME, "lastName": NAME}
                return [client.send_json("POST", "/api/people", person, pair.bearer).status
                        for _ in range(40)]

        with ThreadPoolExecutor(4) as pool:
            statuses = sum(pool.map(add, site.database.add_accounts("adder", 4)), [])
        assert site.database.execute("SELECT count(*) FROM people") == [(50,)]
        assert statuses.count(201) == 48 and set(statuses) == {201, 409}
        with closing(site.client()) as client:
            pair = client.log_in("john@example.com", "John@123")
            answer = client.send_json(
                "POST", "/api/people", {"firstName": "Ada", "lastName": "King"}, pair.bearer)
            assert is_problem(answer, 409, "Person limit of 50 is reached")
        # The operator is not limited.
        assert site.backend.command("person", "add", "Ada", "King").returncode == 0


def test_an_account_that_changes_people_too_often_has_to_wait(
    site_for: Callable[..., Site]
) -> None:
    with site_for("often", {"GATEHOUSE_PEOPLE_RATE": "5"}) as site:
        with closing(site.client()) as client:
            pair = client.log_in("john@example.com", "John@123")
            answers = [
                client.send_json("PUT", "/api/people/1", {"lastName": "King"}, pair.bearer)
                for _ in range(6)]
        assert [answer.status for answer in answers[:5]] == [204] * 5
        assert is_problem(answers[5], 429, "Too many requests")
        assert 1 <= int(answers[5].header("retry-after") or 0) <= 12
