"""The use of memory and file descriptors stays constant, however many requests are served."""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness import scale
from harness.client import Client, Tokens
from harness.polling import until
from harness.site import Site

REQUESTS = scale.amount("REQUESTS", 20_000, 1_000_000)
MIXTURE = Path(__file__).parent / "harness" / "mixed.lua"

# How much memory may grow in the second half of a long life; it includes the measurement error.
# 1 MiB in 250,000 requests is four bytes per request.
MEMORY_BOUND = 1 << 20

# How many connections nginx keeps open, with two workers (nginx/gatehouse/http/backend.conf).
KEPT = 2 * 32

pytestmark = pytest.mark.skipif(shutil.which("wrk") is None, reason="wrk is not installed")


@dataclass
class Held:
    """Memory and open file descriptors of the process while it is idle (proc(5))."""

    memory: int
    # Varies by up to KEPT, because nginx keeps connections open; `others` should not vary.
    sockets: int
    others: int

    @classmethod
    def by(cls, process: int) -> "Held":
        status = Path(f"/proc/{process}/status").read_text()
        kinds = []
        for entry in Path(f"/proc/{process}/fd").iterdir():
            with suppress(FileNotFoundError):  # closed in the meantime
                kinds.append(os.readlink(entry).startswith("socket:"))
        return cls(
            int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) * 1024,
            kinds.count(True), kinds.count(False))


@pytest.fixture
def lasting(site_for, request: pytest.FixtureRequest) -> Iterator[Site]:
    settings = {
        "JWT_EXPIRES_IN": "2h", "REFRESH_TOKEN_EXPIRES_IN": "1d", "GATEHOUSE_LOG_LEVEL": "info"}
    with site_for(request.node.name[-25:], settings, hold_socket=True) as site:
        # More than fits into the caches, 2 MB for each connection: otherwise these would grow too.
        site.database.connection.execute("BEGIN")
        site.database.connection.executemany(
            "INSERT INTO people (first_name, last_name) VALUES ('Ada', ?)",
            [(f"N{number}",) for number in range(50_000)])
        site.database.connection.execute("COMMIT")
        yield site


class Load:
    """An administrator's session that sends bursts of requests with wrk."""

    def __init__(self, site: Site):
        self.site = site
        self.answered = 0
        client = site.client()
        self.pair = client.log_in("admin@example.com", "Admin@123")
        client.close()

    def work(self, requests: int) -> Held:
        """Sends at least that many requests, refreshes the session, and measures the server."""
        goal = self.answered + requests
        while self.answered < goal:
            self.answered += self._burst(min(20, max(1, (goal - self.answered) // 10_000)))
        client = self.site.client()
        self.pair = renewed(client, self.pair)
        client.close()
        return Held.by(self.site.backend.process.pid)

    def _burst(self, seconds: int) -> int:
        done = subprocess.run(
            ["wrk", "--threads", "2", "--connections", "16", "--duration", f"{seconds}s",
             "--script", MIXTURE, f"https://localhost:{self.site.nginx.port}"],
            env=os.environ | {"TOKEN": self.pair.access}, capture_output=True, text=True)
        said = re.search(r"answered=(\d+) lost=(\d+) wrong=(\d+)", done.stdout)
        assert said and said[2] == said[3] == "0", done.stdout + done.stderr
        return int(said[1])


def renewed(client: Client, pair: Tokens) -> Tokens:
    answer = client.request("POST", "/api/auth/refresh", pair.cookie)
    assert answer.status == 200, answer.body
    return Tokens(answer.json["accessToken"], answer.json["refreshToken"])


def reload(site: Site) -> None:
    """Reloads the server, in the same process, and waits until it logs that it is ready."""
    ready = site.backend.log().count("notice: ready\n")
    site.backend.process.send_signal(signal.SIGHUP)
    until(lambda: site.backend.log().count("notice: ready\n") > ready, "the server is ready again")


def shown(name: str, levels: list[Held]) -> None:
    print(name, ", ".join(
        f"{held.memory / 1e6:.1f} MB {held.sockets}+{held.others}" for held in levels))


def test_a_long_running_server_leaks_nothing(lasting: Site) -> None:
    load = Load(lasting)
    idle = Held.by(lasting.backend.process.pid)
    levels = [load.work(REQUESTS // 20) for _ in range(10)]
    shown(f"one life, {load.answered} requests:", levels)

    late = levels[5:]
    growth = max(held.memory for held in late) - levels[4].memory
    assert growth <= MEMORY_BOUND, f"memory grew by {growth} bytes in the second half"
    assert max(held.others for held in levels) <= levels[0].others + 1
    assert max(held.sockets for held in levels) <= idle.sockets + KEPT

    # Without nginx, no connection is left.
    lasting.nginx.stop()
    until(
        lambda: Held.by(lasting.backend.process.pid).sockets < idle.sockets,
        "all connections are closed")


def test_usage_is_the_same_after_every_restart_and_reload(lasting: Site) -> None:
    load = Load(lasting)
    process = lasting.backend.process.pid
    idle = Held.by(process)
    lives = {"restart": [], "reload": []}
    for _ in range(5):
        lasting.backend.restart()
        assert lasting.backend.process.pid != process
        lives["restart"].append(load.work(REQUESTS // 20))
        process = lasting.backend.process.pid
        reload(lasting)
        assert lasting.backend.process.pid == process and lasting.backend.is_running
        lives["reload"].append(load.work(REQUESTS // 20))
    for how, levels in lives.items():
        shown(f"after each {how}, {load.answered} requests in all:", levels)

    for levels in lives.values():
        # The database grows, but only its caches are in memory; they are full after the first life.
        assert max(held.memory for held in levels[1:]) <= levels[0].memory * 1.1 + MEMORY_BOUND
    all_held = [held for levels in lives.values() for held in levels]
    assert max(held.others for held in all_held) <= all_held[0].others + 1
    assert max(held.sockets for held in all_held) <= idle.sockets + KEPT
