"""How fast nginx serves one client, and that a client at full speed does not slow down others."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from statistics import median

import pytest

from harness.client import Headers
from harness.site import Site

# settings/requests.conf and fastcgi.conf.
RATE, UNDELAYED = 500, 128
CONNECTIONS = 48


@pytest.fixture(scope="module")
def limited(site_for: Callable[..., Site]) -> Iterator[Site]:
    """A site with the shipped rates."""
    with site_for("pace", lift_rates=False) as site:
        yield site


def token(letter: str) -> str:
    return f"e30.e30.{letter * 43}"


def cookie(letter: str) -> Headers:
    return [("Cookie", f"accessToken={token(letter)}")]


@contextmanager
def flood(site: Site, headers: Headers) -> Iterator[None]:
    """Sends requests on many connections as fast as they are answered."""
    over = threading.Event()

    def send() -> None:
        client = site.client()
        while not over.is_set():
            assert client.request("GET", "/health", headers).status == 200
        client.close()

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        threads = [pool.submit(send) for _ in range(CONNECTIONS)]
        try:
            yield
        finally:
            over.set()
    for thread in threads:
        thread.result()


def durations(site: Site, headers: Headers) -> list[float]:
    client = site.client()
    found = []
    for _ in range(20):
        begin = time.monotonic()
        assert client.request("GET", "/health", headers).status == 200
        found.append(time.monotonic() - begin)
    client.close()
    return found


def test_requests_beyond_the_rate_wait_and_none_is_refused(limited: Site) -> None:
    count = 1200

    def send(_: int) -> int:
        client = limited.client()
        statuses = {
            client.request("GET", "/health", cookie("a")).status
            for _ in range(count // CONNECTIONS)}
        client.close()
        return max(statuses)

    begin = time.monotonic()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        assert set(pool.map(send, range(CONNECTIONS))) == {200}
    # A slow machine takes longer, and no machine less.
    assert time.monotonic() - begin > (count - UNDELAYED - CONNECTIONS) / RATE


@pytest.mark.parametrize("headers", [
    cookie("b"),
    [("Cookie", f"a=b; __Host-accessToken={token('c')}")],
    [("Authorization", f"Bearer {token('d')}"), ("Cookie", "a=b")],
    [("Authorization", f"Bearer {token('e')}")],
], ids=["a cookie", "a strict cookie", "a program with a cookie", "a program"])
def test_a_neighbour_at_full_speed_does_not_slow_down_a_client_with_a_token(
    limited: Site, headers: Headers
) -> None:
    with flood(limited, []):
        # Without a token, a client waits for its turn among the neighbour's requests.
        until = time.monotonic() + 20
        while (shared := median(durations(limited, []))) < 0.03:
            assert time.monotonic() < until, shared
        assert median(durations(limited, headers)) < shared / 2


def test_keys_of_one_client_never_shut_out_another(site_for: Callable[..., Site]) -> None:
    """A full zone drops its oldest key for a new one, if that one is no larger (limits.conf)."""
    site = site_for("small-zones", lift_rates=False)
    settings = site.nginx.configuration / "gatehouse" / "settings"
    for file in settings.glob("r*s.conf"):
        file.write_text(re.sub(r"(zone=gatehouse_\w+):10m", r"\1:64k", file.read_text()))
    listen = settings / "listen.conf"
    listen.write_text(
        listen.read_text() + "set_real_ip_from 127.0.0.1;\nreal_ip_header X-Real-IP;\n")

    with site:
        client = site.client()

        def send(address: str, headers: Headers) -> int:
            headers = [("X-Real-IP", address), *headers]
            return client.request("POST", "/api/auth/login", headers, b"").status

        for number in range(1500):
            text = f"{number:05}" * 20
            send("198.51.100.1", [("Cookie", [
                f"device={text[:64]}", f"__Secure-device={text[:64]}",
                f"accessToken=e30.e30.{text[:43]}", f"__Host-visitor={text[:32]}",
            ][number // 50 % 4])])
        statuses = [send(f"203.0.113.{number}", []) for number in range(50)]
        statuses += [send(f"2001:db8:{number}::1", []) for number in range(50)]
        statuses += [send("192.0.2.1", cookie(letter)) for letter in "fghijklmnopqrstuvwxyz"]
        assert set(statuses) == {400}
        client.close()
    log = (site.nginx.directory / "nginx-error.log").read_text()
    assert "could not allocate" not in log
