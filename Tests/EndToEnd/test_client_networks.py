"""Which addresses nginx's rate limits count as one client, and how much one client may do."""

import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle

import pytest

from harness.client import Answer
from harness.site import Site

# The burst of logins in server/limits.conf, the first request included, and the rate a second.
BURST, RATE = 61, 1


@pytest.fixture(scope="module")
def limited(site_for: Callable[..., Site]) -> Iterator[Site]:
    """A site with the shipped rates that takes the client's address from X-Real-IP."""
    site = site_for("networks", lift_rates=False)
    listen = site.nginx.configuration / "gatehouse" / "settings" / "listen.conf"
    listen.write_text(
        listen.read_text() + "set_real_ip_from 127.0.0.1;\nreal_ip_header X-Real-IP;\n")
    with site:
        yield site


def allowed(site: Site, *addresses: str, path: str = "login", requests: int = 200) -> int:
    """Sends requests from the addresses in turn; returns how many nginx passed on at once.

    Those that the rate has allowed in the meantime are subtracted.
    """
    client = site.client()
    begun = time.monotonic()
    statuses = [
        client.request(
            "POST", f"/api/auth/{path}", [("X-Real-IP", address)], b"").status
        for address, _ in zip(cycle(addresses), range(requests))]
    client.close()
    assert set(statuses) <= {400, 429}
    return statuses.count(400) - int((time.monotonic() - begun) * RATE * 3)


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        # Written as nginx does, without the longest run of zeros (RFC 5952, section 4.2).
        ("2001:db8:1:2:3:4:5:{:x}", True),
        ("2001:db8:2:3::{:x}", True),
        ("2001:db8:3::b:c:{:x}", True),
        ("2001:db9::b:c:d:{:x}", True),
        ("2001:db8:4::{:x}", True),
        ("2002::{:x}", True),
        # Another network of 64 bits, of 56, and of 48.
        ("2001:db8:5:{:x}:5:6:7:8", False),
        ("2001:db8:6:{:x}00::1", False),
        ("2001:db8:10{:x}::1", False),
        ("198.51.100.{}", False),
        ("::ffff:203.0.113.{}", False),
    ],
)
def test_an_ipv6_network_with_a_64_bit_prefix_is_one_client(
    limited: Site, address: str, is_one: bool
) -> None:
    addresses = [address.format(number) for number in range(16, 36)]

    assert (allowed(limited, *addresses) <= BURST) == is_one


@pytest.mark.parametrize("name", ["device", "__Secure-device"])
def test_a_neighbour_does_not_use_up_the_rate_of_a_browser_that_has_logged_in_before(
    limited: Site, name: str
) -> None:
    address = "198.51.100.200" if name == "device" else "2001:db8:77::1"

    client = limited.client()

    def log_in(cookie: str) -> int:
        return client.request(
            "POST", "/api/auth/login", [("X-Real-IP", address), ("Cookie", cookie)], b"").status

    allowed(limited, address)
    for cookie in "a=b", f"{name}=short", f"x{name}={'d' * 64}", f"{name}={'d' * 65}", \
            f"{name}={'x' * 64}; {name}={'y' * 64}", f"device={'x' * 64}; a=b; __Secure-device={'y' * 64}":
        # The rate allows one more now and then.
        assert 429 in [log_in(cookie) for _ in range(10)], cookie

    first, second = ("d", "e") if name == "device" else ("f", "g")
    for cookie in f"{name}={first * 63}-", f"a=b; {name}={second * 64}; c=d":
        assert [log_in(cookie) for _ in range(BURST)] == [400] * BURST, cookie
        # The cookie has the same rate as a client.
        assert 429 in [log_in(cookie) for _ in range(40)], cookie


@pytest.mark.parametrize(("path", "burst", "name"), [
    ("password", 61, "accessToken"), ("password/", 61, "__Host-accessToken"),
    ("refresh", 101, "refreshToken"), ("refresh/logout", 101, "__Secure-refreshToken")])
def test_a_neighbour_does_not_use_up_the_rate_of_a_browser_that_is_signed_in(
    limited: Site, path: str, burst: int, name: str
) -> None:
    address = "198.51.100.201" if name in ("accessToken", "refreshToken") else "2001:db8:78::1"

    def statuses(cookie: str, requests: int) -> list[int]:
        client = limited.client()
        return [
            client.request(
                "POST", f"/api/auth/{path}", [("X-Real-IP", address), ("Cookie", cookie)], b"").status
            for _ in range(requests)]

    assert 429 in statuses("a=b", 300)
    for cookie in f"{name}={'d' * 43}", f"{name}=e30.e30.{'d' * 42}", f"{name}=e30.e30.{'d' * 44}", \
            f"x{name}=e30.e30.{'d' * 43}":
        assert 429 in statuses(cookie, 10 if path.startswith("password") else 30), cookie

    # Every cookie is used once. Both paths of a refresh have the same rate.
    own = name[0] + path.replace("/", "")[-1]
    for cookie in f"{name}=e30.e30.{own * 21}-", f"a=b; {name}=e30.e_-0.{own * 21}_; c=d":
        assert 429 not in statuses(cookie, burst), cookie
        # The token has the same rate as a client.
        assert 429 in statuses(cookie, 100), cookie


@pytest.mark.parametrize(("path", "burst", "address", "shared"), [
    ("login", 61, "198.51.100.210", "a=b"),
    ("login", 61, "2001:db8:79:1::1", "a=b"),
    ("password/?a=b", 61, "198.51.100.211", "a=b"),
    ("refresh/logout/", 101, "198.51.100.212", "a=b"),
    # Another host of the domain may set a cookie, the same one in many browsers.
    ("login", 61, "198.51.100.213", f"accessToken=e30.e30.{'s' * 43}"),
    ("login/", 61, "198.51.100.214", f"device={'v' * 64}"),
    ("refresh", 101, "198.51.100.215", f"refreshToken=e30.e30.{'u' * 43}"),
])
def test_a_flood_of_neighbours_delays_a_new_device_by_one_request(
    limited: Site, path: str, burst: int, address: str, shared: str
) -> None:
    client = limited.client()

    def send(cookie: str) -> Answer:
        return client.request(
            "POST", f"/api/auth/{path}", [("X-Real-IP", address), ("Cookie", cookie)], b"")

    answers = [send(shared) for _ in range(burst + 60)]
    refusals = [answer for answer in answers if answer.status == 429]
    cookies = {answer.header("set-cookie") for answer in refusals}
    assert len(cookies) == len(refusals) > 0
    for cookie in cookies:
        assert re.fullmatch(
            "__Host-visitor=[0-9a-f]{32}; Max-Age=3600; Path=/; HttpOnly; Secure; SameSite=Strict",
            str(cookie))

    visitor = str(cookies.pop()).split(";")[0]
    answers = [send(f"{shared}; {visitor}; c=d") for _ in range(burst + 60)]
    assert 429 not in [answer.status for answer in answers[:burst]]
    # The cookie has the same rate as a client, and is not replaced.
    assert 429 in [answer.status for answer in answers[burst:]]
    assert {answer.header("set-cookie") for answer in answers} == {None}


def test_only_a_refusal_by_nginx_brings_the_cookie_of_nginx(limited: Site) -> None:
    client = limited.client()
    headers = [("X-Real-IP", "198.51.100.220")]

    answers = [client.request("POST", "/api/auth/signup", headers, b"") for _ in range(60)]
    assert 429 in [answer.status for answer in answers]
    assert {answer.header("set-cookie") for answer in answers} == {None}

    # Gatehouse refuses the eleventh wrong password itself.
    guess = {"username": "someone@example.com", "password": "Wrong0000!"}
    answers = [client.send_json("POST", "/api/auth/login", guess, headers) for _ in range(11)]
    assert answers[-1].status == 429
    assert {answer.header("set-cookie") for answer in answers} == {None}


def test_four_networks_of_one_customer_get_one_client_and_a_half(limited: Site) -> None:
    one = allowed(limited, "2001:db8:20:100::1")
    four = allowed(limited, *(f"2001:db8:21:{number:x}::1" for number in range(0x101, 0x105)))

    assert BURST - 10 < one <= BURST
    assert one < four <= one * 1.5 + 10


@pytest.mark.parametrize("networks", [
    [f"2001:db8:30:{number:x}01::1" for number in range(0x10, 0x50)],
    [f"2001:db8:31:{number:x}::1" for number in range(1, 0x1000, 0x41)]])
def test_a_network_of_48_bits_gets_three_clients(limited: Site, networks: list[str]) -> None:
    assert BURST * 1.5 < allowed(limited, *networks, requests=300) <= BURST * 3


def test_other_networks_are_not_affected(limited: Site) -> None:
    allowed(limited, *(f"2001:db8:40:{number:x}::1" for number in range(64)), requests=300)

    assert allowed(limited, "2001:db8:41::1", requests=40) > 30
    assert allowed(limited, "198.51.99.1", requests=40) > 30


@pytest.mark.parametrize("path", ["signup", "refresh"])
def test_wide_networks_are_counted_for_every_rate(limited: Site, path: str) -> None:
    spread = [f"2001:db8:50:{number:x}::1" for number in range(0x100, 0x200)]
    client = limited.client()
    statuses = {
        client.request("POST", f"/api/auth/{path}", [("X-Real-IP", address)], b"").status
        for address in spread}
    client.close()

    assert 429 in statuses


def test_a_class_behind_one_address_signs_in_at_once(site_for: Callable[..., Site]) -> None:
    with site_for("class", lift_rates=False) as site:
        names = site.database.add_accounts("pupil", 30)

        def log_in(name: str) -> int:
            client = site.client()
            answer = client.send_json(
                "POST", "/api/auth/login", {"username": name, "password": "John@123"})
            client.close()
            return answer.status

        def sign_up(number: int) -> int:
            client = site.client()
            answer = client.send_json(
                "POST", "/api/auth/signup",
                {"email": f"new-pupil-{number}@example.com", "password": "Passw0rd!"})
            client.close()
            return answer.status

        with ThreadPoolExecutor(30) as pool:
            assert set(pool.map(log_in, names)) == {200}
            # Some mistype, and try again.
            assert set(pool.map(log_in, names)) == {200}
            assert set(pool.map(sign_up, range(30))) == {201}
