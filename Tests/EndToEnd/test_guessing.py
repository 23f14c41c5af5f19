"""Password guessing is throttled, and a stranger cannot lock out an account's owner."""

from collections.abc import Iterator

import pytest

from forgeries import Unchanged
from harness.client import Answer, Tokens
from harness.nginx import ORIGIN
from harness.site import Site
from nginx_answers import is_problem

JOHN = ("john@example.com", "John@123")
HOME, CAFE = "127.0.0.9", "127.0.0.5"


@pytest.fixture(scope="module")
def guessed(site_for) -> Iterator[Site]:
    with site_for("guessed", hold_socket=True) as site:
        yield site


@pytest.fixture
def site(guessed: Site) -> Site:
    guessed.database.reset()
    return guessed


def log_in(
    site: Site, address: str, name: str = JOHN[0], password: str = "Wrong@123", device: str = ""
) -> Answer:
    client = site.client(address=address)
    credentials = {"username": name, "password": password}
    # The Origin makes nginx add the CORS headers that let our page read Retry-After.
    headers = [("Origin", ORIGIN), *([("Cookie", f"device={device}")] if device else [])]
    answer = client.send_json("POST", "/api/auth/login", credentials, headers)
    client.close()
    return answer


def fail(site: Site, times: int, address: str, name: str = JOHN[0]) -> None:
    statuses = [log_in(site, address, name).status for _ in range(times)]
    assert statuses == [401] * times


def have_failed(site: Site, counted: int, so_far: int) -> None:
    """Raises a failure counter, as if further attempts had failed, each after its wait."""
    changed = site.database.execute(
        "UPDATE failures SET count = ? WHERE count = ? RETURNING 1", so_far, counted)
    assert changed


def wait_of(answer: Answer) -> int:
    assert is_problem(answer, 429, "Too many requests")
    assert answer.header("access-control-expose-headers") == (
        "ETag, Link, Retry-After, X-Total-Count")
    assert answer.header("cache-control") == "no-store"
    return int(answer.header("retry-after") or 0)


@pytest.mark.parametrize("name", [JOHN[0], "ghost@example.com"])
def test_logins_are_throttled_after_ten_wrong_passwords(name: str, site: Site) -> None:
    fail(site, 9, HOME, name)
    have_failed(site, 9, so_far=14)
    fail(site, 1, HOME, name)

    with Unchanged(site):
        # The wait applies to every spelling of the name, even with the correct password.
        for written in name, name.upper(), name + "  ":
            assert 20 < wait_of(log_in(site, HOME, written, JOHN[1])) <= 32
    assert log_in(site, HOME, "mary@example.com", "Mary@1234").status == 200


def test_the_tenth_failure_causes_a_wait_of_one_second(site: Site) -> None:
    fail(site, 10, HOME)

    answer = log_in(site, HOME, *JOHN)
    # On a slow machine that second may be over already.
    assert answer.status == 200 or wait_of(answer) == 1


def test_the_wait_outlives_a_kill(site: Site) -> None:
    fail(site, 9, HOME)
    have_failed(site, 9, so_far=15)
    fail(site, 1, HOME)

    site.backend.kill()
    site.backend.start()

    assert 40 < wait_of(log_in(site, HOME, *JOHN)) <= 64


def test_another_address_does_not_wait(site: Site) -> None:
    fail(site, 9, CAFE)
    have_failed(site, 9, so_far=15)
    fail(site, 1, CAFE)

    assert log_in(site, HOME, *JOHN).status == 200
    assert wait_of(log_in(site, CAFE, *JOHN))


def test_a_successful_login_resets_the_failure_count(site: Site) -> None:
    for _ in range(3):
        fail(site, 9, HOME)
        assert log_in(site, HOME, *JOHN).status == 200
    fail(site, 10, HOME)


def test_one_address_cannot_try_every_account(site: Site) -> None:
    names = site.database.add_accounts("sprayed", 12)
    for name in names[:11]:
        fail(site, 9, CAFE, name)
    have_failed(site, 99, so_far=110)
    fail(site, 1, CAFE, names[11])

    assert 30 < wait_of(log_in(site, CAFE, "ghost@example.com")) <= 60
    assert wait_of(log_in(site, CAFE, "mary@example.com", "Mary@1234"))
    assert log_in(site, HOME, "mary@example.com", "Mary@1234").status == 200


def test_a_distributed_attack_does_not_throttle_the_owner_on_a_known_network(site: Site) -> None:
    at_home = log_in(site, HOME, *JOHN)
    assert at_home.status == 200
    for number in range(11):
        fail(site, 9, f"127.0.7.{number}")
    have_failed(site, 99, so_far=110)
    fail(site, 1, "127.0.8.1")

    # The wait is a minute at most on a network where the owner was never seen. There is none on a
    # network with a live session of the owner.
    assert 30 < wait_of(log_in(site, CAFE, *JOHN)) <= 60
    assert log_in(site, HOME, *JOHN).status == 200
    assert wait_of(log_in(site, CAFE, *JOHN))


def test_on_a_known_device_the_owner_never_waits_for_others(site: Site) -> None:
    device = log_in(site, HOME, *JOHN).cookies["device"].value
    fail(site, 9, HOME)
    have_failed(site, 9, so_far=19)
    fail(site, 1, HOME)

    assert 30 < wait_of(log_in(site, HOME, *JOHN)) <= 60, "a new device on a known network"
    assert log_in(site, HOME, *JOHN, device=device).status == 200
    assert log_in(site, CAFE, *JOHN, device=device).status == 200
    assert wait_of(log_in(site, HOME, *JOHN))
    # The cookie of John's device is worth nothing at another account.
    marys = "mary@example.com"
    fail(site, 9, HOME, marys)
    have_failed(site, 9, so_far=19)
    fail(site, 1, HOME, marys)
    assert wait_of(log_in(site, HOME, marys, "Mary@1234", device=device))


def test_a_new_password_ends_the_wait_for_failures_of_the_old_one(site: Site) -> None:
    fail(site, 9, HOME)
    have_failed(site, 9, so_far=19)
    fail(site, 1, HOME)
    assert wait_of(log_in(site, HOME, *JOHN))

    site.backend.command("user", "password", JOHN[0], stdin="Newer@1234\n")

    assert log_in(site, HOME, JOHN[0], "Newer@1234").status == 200


def test_a_change_of_password_is_no_way_to_guess_it(site: Site) -> None:
    client = site.client(address=HOME)
    pair: Tokens = client.log_in(*JOHN)
    elsewhere = site.client(address=CAFE)
    passwords = {"currentPassword": "Wrong@123", "newPassword": "Other@1234"}

    def change(client=client) -> Answer:
        return client.send_json(
            "POST", "/api/auth/password", passwords, [("Origin", ORIGIN), *pair.bearer])

    for _ in range(9):
        assert is_problem(change(), 400, "Current password is incorrect")
    have_failed(site, 9, so_far=15)
    assert change().status == 400
    passwords["currentPassword"] = JOHN[1]
    assert 40 < wait_of(change()) <= 64
    assert wait_of(change(elsewhere)), "failures count for the session, from any address"
    assert client.request("GET", "/api/auth/me", pair.bearer).status == 200
