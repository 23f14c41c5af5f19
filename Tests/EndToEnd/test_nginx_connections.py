"""Clients that complete no request, or read no response, do not keep others out."""

import os
import re
import resource
import select
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from harness.backend import ROOT
from harness.installed_site import children
from harness.polling import until
from harness.site import Site
from nginx_answers import is_problem

HALF_OPEN = 2100
UNREAD = 3
MANUAL = (ROOT / "docs/manual.md").read_text()
(SECTION,) = re.findall(r"(?ms)^## Many connections$(.*?)^## ", MANUAL)
# The timeout that server/limits.conf sets for a complete header, in seconds.
HEADER_TIMEOUT = 5

BEGINNINGS = {
    "a TLS handshake": b"\x16\x03\x01\x02\x00\x01\x00",
    "a plain request": b"GET / H",
}


def site_with(site_for: Callable[..., Site], name: str, connections: str) -> Site:
    """A site whose nginx has so many connections for each of two workers."""
    site = site_for(name)
    main = site.nginx.configuration / "nginx.conf"
    text, count = re.subn(r"worker_connections \d+", f"worker_connections {connections}",
                          main.read_text())
    assert count == 1
    main.write_text("worker_rlimit_nofile 40000;\n" * (connections != "768") + text)
    return site


@contextmanager
def half_open(site: Site, beginning: bytes) -> Iterator[None]:
    """Opens connections from one address, each with the beginning of a request."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with ExitStack() as opened:
        for _ in range(HALF_OPEN):
            connection = opened.enter_context(socket.create_connection(
                ("127.0.0.1", site.nginx.port), 10, ("127.0.0.66", 0)))
            try:
                connection.sendall(beginning)
            except OSError:
                pass  # nginx has closed it already, because none is left.
        yield


def is_served(site: Site, address: str) -> bool:
    client = site.client(address=address, timeout=5)
    try:
        return client.request("GET", "/health").status == 200
    except OSError:
        return False
    finally:
        client.close()


OTHERS = [f"127.0.0.{number}" for number in range(70, 76)]


@pytest.mark.parametrize("beginning", BEGINNINGS.values(), ids=BEGINNINGS)
def test_with_debians_connections_others_are_served_after_the_timeout(
    site_for: Callable[..., Site], beginning: bytes
) -> None:
    with site_with(site_for, f"half-open-{beginning[0]}", "768") as site:
        with half_open(site, beginning):
            begun = time.monotonic()
            for address in OTHERS:
                until(lambda: is_served(site, address), "another client is served")
            assert time.monotonic() - begun < HEADER_TIMEOUT + 3


@pytest.mark.parametrize("beginning", BEGINNINGS.values(), ids=BEGINNINGS)
def test_with_the_manuals_connections_others_are_served_at_once(
    site_for: Callable[..., Site], beginning: bytes
) -> None:
    (connections,) = re.findall(r"/worker_connections (\d+);/'", SECTION)
    with site_with(site_for, f"enough-{beginning[0]}", connections) as site:
        with half_open(site, beginning):
            assert [is_served(site, address) for address in OTHERS] == [True] * 6


def test_one_client_has_a_limited_number_of_requests_in_progress(
    site_for: Callable[..., Site]
) -> None:
    # The bodies do not arrive. nginx waits 10 seconds for them, but refuses at once.
    headers = [("Content-Type", "application/json"), ("Content-Length", "100")]
    with site_for("slow-bodies") as site, ExitStack() as opened:
        for _ in range(2):
            client = site.http2_client()
            opened.callback(client.close)
            for _ in range(127):
                client.begin("POST", "/api/auth/login", headers, has_body=True)
            assert client.request("GET", "/health").status == 200
        # Two more may begin.
        client = site.http2_client()
        opened.callback(client.close)
        for _ in range(2):
            client.begin("POST", "/api/auth/login", headers, has_body=True)
        assert is_problem(client.request("GET", "/health"), 429, "Too many requests")
        assert is_served(site, "127.0.0.70")


def waiting_bytes(site: Site) -> int:
    """The size of the files in which nginx's workers keep what clients have not read."""
    assert site.nginx.process
    workers = children(site.nginx.process.pid)
    files = [file for worker in workers for file in Path(f"/proc/{worker}/fd").iterdir()]
    folder = str(site.directory / "temp" / "fastcgi")
    return sum(
        file.stat().st_size for file in files if os.readlink(file).startswith(folder))


def test_responses_that_nobody_reads_occupy_little_of_the_disk(
    site_for: Callable[..., Site]
) -> None:
    with site_for("unread", {"JWT_EXPIRES_IN": "1h", "REFRESH_TOKEN_EXPIRES_IN": "1d"}) as site:
        # 22 MB of JSON, because each control character becomes six bytes.
        site.database.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)"
            " INSERT INTO people (id, first_name, last_name)"
            " SELECT i, replace(hex(zeroblob(30)), '00', char(1)), 'x' FROM n")
        client = site.client()
        pair = client.log_in("admin@example.com", "Admin@123")
        unread = []
        for _ in range(UNREAD):
            plain = socket.socket()
            # So that the kernel keeps little of the response.
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            plain.connect(("127.0.0.1", site.nginx.port))
            reader = client.context.wrap_socket(plain, server_hostname="localhost")
            reader.sendall(
                b"GET /api/people HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                + pair.access.encode() + b"\r\n\r\n")
            unread.append(reader)
        until(
            lambda: len(select.select(unread, [], [], 0)[0]) == len(unread),
            "every response has begun", 60)
        kept, since = 0, time.monotonic()

        def is_settled() -> bool:
            """Whether nginx has kept as much for a second."""
            nonlocal kept, since
            now = waiting_bytes(site)
            if now != kept:
                kept, since = now, time.monotonic()
            return kept > 0 and time.monotonic() - since > 1

        until(is_settled, "nginx keeps what it will keep of the responses", 60)
        assert kept <= UNREAD * 8 * 2**20
        # A stop would wait for the responses.
        site.backend.kill()
        for reader in unread:
            reader.close()


LIMITED = """
import socket, threading
server = socket.create_server(
    ("::", 443), family=socket.AF_INET6, dualstack_ipv6=True, backlog=4096)
kept = []
def accept():
    while True:
        kept.append(server.accept())
threading.Thread(target=accept, daemon=True).start()
def opened(family, source, target, times):
    count = 0
    for _ in range(times):
        connection = socket.socket(family)
        connection.settimeout(5)
        connection.bind((source, 0))
        kept.append(connection)
        try:
            connection.connect((target, 443))
            count += 1
        except ConnectionRefusedError:
            pass
    return count
print(opened(socket.AF_INET, "127.0.0.5", "127.0.0.1", 300),
      opened(socket.AF_INET, "127.0.0.6", "127.0.0.1", 20),
      opened(socket.AF_INET6, "2001:db8::1", "2001:db8::ff", 200),
      opened(socket.AF_INET6, "2001:db8::2", "2001:db8::ff", 100),
      opened(socket.AF_INET6, "2001:db8:1::1", "2001:db8::ff", 20))
"""


@pytest.mark.skipif(
    shutil.which("nft") is None or os.geteuid() != 0, reason="needs root and Debian's nftables")
def test_the_manuals_rule_for_the_kernel_limits_the_connections_of_one_client(
    tmp_path: Path
) -> None:
    (rules,) = re.findall(r"(?ms)^```$\n(table .*?)^```$", SECTION)
    (tmp_path / "rules").write_text(rules)
    # A network of its own, so that the machine's is not changed.
    addresses = " ".join(
        f"ip -6 addr add {address}/128 dev lo nodad;"
        for address in ("2001:db8::1", "2001:db8::2", "2001:db8::ff", "2001:db8:1::1"))
    done = subprocess.run(
        ["unshare", "--net", "bash", "-euc",
         f'ip link set lo up; {addresses} nft -f "$1"; exec "$2" -c "$3"', "bash",
         tmp_path / "rules", sys.executable, LIMITED],
        capture_output=True, text=True)
    assert done.stdout.split() == ["256", "20", "200", "56", "20"], done.stderr
