"""Restarts, upgrades, reloads and kills of the service, under load through nginx.

Only a kill may lose requests, and only those in flight.
"""

import random
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from harness import scale
from harness.load import Crowd, Visitor
from harness.polling import until
from machines.installation import Installation
from machines.package import package, with_version

RESTARTS = scale.amount("RESTARTS", 10, 100)
STOPS = scale.amount("STOPS", 3, 20)
UPGRADES = scale.amount("UPGRADES", 3, 20)
RELOADS = scale.amount("RELOADS", 3, 20)
KILLS = scale.amount("KILLS", 10, 100)
VISITORS = 4


@pytest.fixture(scope="module")
def busy(site: Installation) -> Iterator[Installation]:
    site.make_ready_for_load()
    yield site


def under_load(site: Installation, times: int, what: str, act: Callable[[int], None]) -> None:
    """Repeats an action while visitors send requests, none of which may fail."""
    with Crowd(site, scale.seed(), VISITORS) as crowd:
        for number in range(times):
            crowd.work(20)
            act(number)
        crowd.work(20)
    print(f"{times} {what}: {crowd.count('GET', 'PUT', 'DELETE')} others and"
          f" {crowd.count('POST')} POST answered, {len(crowd.failures)} failed")
    assert crowd.failures == []
    assert crowd.count("POST") >= times


def test_no_request_fails_during_restarts(busy: Installation) -> None:
    under_load(
        busy, RESTARTS, "restarts",
        lambda _: busy.machine.run("systemctl restart gatehouse.service"))


def test_no_request_fails_during_stops_and_starts(busy: Installation) -> None:
    """A connection made while the service is stopped waits, or makes systemd start the service."""
    def stop_and_start(_: int) -> None:
        busy.machine.run("systemctl stop gatehouse.service; systemctl start gatehouse.service")
    under_load(busy, STOPS, "stops and starts", stop_and_start)


def test_no_request_fails_during_upgrades_and_rollbacks(
    busy: Installation, tmp_path: Path
) -> None:
    machine = busy.machine
    for name, version in (("older", "0.9.9"), ("newer", "99.0")):
        machine.put(with_version(package(), version, tmp_path), f"/root/{name}.deb")
    machine.run("gatehouse person add Kept Throughout")
    secret = machine.run("cat /etc/gatehouse/jwt-secret")
    socket = machine.property("gatehouse.socket", "ActiveEnterTimestampMonotonic")

    def upgrade_and_roll_back(_: int) -> None:
        for name, version in (("newer", "99.0"), ("older", "0.9.9")):
            before = machine.property("gatehouse.service", "MainPID")
            machine.run(f"dpkg -i /root/{name}.deb")
            assert machine.run("dpkg-query -W -f '${Version}' gatehouse") == version
            assert machine.property("gatehouse.service", "MainPID") != before

    under_load(busy, UPGRADES, "upgrades and rollbacks", upgrade_and_roll_back)
    assert machine.property("gatehouse.socket", "ActiveEnterTimestampMonotonic") == socket
    assert machine.run("cat /etc/gatehouse/jwt-secret") == secret
    assert busy.sql("SELECT count(*) FROM people WHERE first_name = 'Kept';") == [["1"]]


def test_no_request_fails_during_reloads(busy: Installation) -> None:
    process = busy.machine.property("gatehouse.service", "MainPID")
    under_load(
        busy, RELOADS, "reloads", lambda _: busy.machine.run("systemctl reload gatehouse.service"))
    assert busy.machine.property("gatehouse.service", "MainPID") == process


def test_a_reload_of_invalid_settings_fails_and_changes_nothing(busy: Installation) -> None:
    machine = busy.machine
    settings = machine.run("cat /etc/default/gatehouse")
    process = machine.property("gatehouse.service", "MainPID")
    machine.run("echo GATEHOUSE_ENVIRONMENT=other >>/etc/default/gatehouse")
    machine.run("echo GATEHOUSE_WORKERS=many >>/etc/default/gatehouse")
    said = machine.run("systemctl reload gatehouse.service", check=False)
    assert "failed" in said
    assert "GATEHOUSE_WORKERS" in machine.run("journalctl -u gatehouse.service -n 5 --no-pager")
    health = busy.client().request("GET", "/health").json
    assert health["environment"] == "production"

    machine.run("cat >/etc/default/gatehouse", input=f"{settings}GATEHOUSE_ENVIRONMENT=other\n")
    machine.run("systemctl reload gatehouse.service")
    assert busy.client().request("GET", "/health").json["environment"] == "other"
    assert machine.property("gatehouse.service", "MainPID") == process


def test_kills_lose_requests_in_flight_but_no_acknowledged_change(busy: Installation) -> None:
    seed = scale.seed()
    moments = random.Random(seed)
    times = []
    with Crowd(busy, seed, VISITORS, forgiving=True) as crowd:
        for _ in range(KILLS):
            crowd.work(moments.randrange(1, 40))
            lost = crowd.lost
            busy.machine.run("systemctl kill -s KILL gatehouse.service")
            times.append(back_after(busy))
            crowd.work(VISITORS)
            # A visitor sends one request at a time.
            assert crowd.lost - lost <= VISITORS
        crowd.work(20)
    print(f"{KILLS} kills: {crowd.answered} answered, {crowd.lost} lost in flight, back after"
          f" {statistics.median(times):.2f} s, the slowest {max(times):.2f} s")
    assert crowd.failures == []
    # The median, because the slowest time depends more on other work of the machine.
    assert statistics.median(times) < 1
    assert busy.sql("PRAGMA integrity_check;") == [["ok"]]
    check_kept(busy, crowd.visitors)


def back_after(site: Installation) -> float:
    """Returns the seconds until a request on a new connection succeeds again."""
    begun = time.monotonic()
    client = site.client()
    until(lambda: client.request("GET", "/health").status == 200, "the service responds again")
    client.close()
    return time.monotonic() - begun


def check_kept(site: Installation, visitors: list[Visitor]) -> None:
    accounts = {email for (email,) in site.sql("SELECT email FROM accounts;")}
    people = {
        int(row[0]): tuple(row[1:])
        for row in site.sql("SELECT id, first_name, last_name FROM people;")}
    client = site.client()
    for visitor in visitors:
        assert visitor.done.accounts <= accounts
        assert not visitor.done.removed & people.keys()
        for number, names in visitor.done.people.items():
            assert people[number] in names
        for pair in visitor.done.live:
            assert client.request("POST", "/api/auth/refresh", pair.cookie).status == 200
        for pair in visitor.done.ended:
            assert client.request("GET", "/api/auth/me", pair.bearer).status == 403


def test_the_journal_records_each_start_and_stop_and_no_failed_request(busy: Installation) -> None:
    lines = busy.machine.run("journalctl -u gatehouse.service -o cat --no-pager").splitlines()
    assert lines.count("ready") > RESTARTS
    assert lines.count("stopping") > RESTARTS
    assert "request failed" not in "\n".join(lines)
