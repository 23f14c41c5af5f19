"""Memory and descriptors stay where they are, however many requests come."""

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

# What may come on top while the second half of a long life passes, beside what a measure is off by.
# 1 MiB in 250,000 requests is four bytes for each.
MEMORY_BOUND = 1 << 20

# What the tests' two workers of nginx keep open to the server (nginx/gatehouse/http/backend.conf).
KEPT = 2 * 32

pytestmark = pytest.mark.skipif(shutil.which("wrk") is None, reason="wrk is not installed")


@dataclass
class Held:
    """What the process holds while nobody asks for anything (proc(5))."""

    memory: int
    # nginx keeps up to KEPT connections; the rest is the same from one measure to the next.
    sockets: int
    others: int

    @classmethod
    def by(cls, process: int) -> "Held":
        status = Path(f"/proc/{process}/status").read_text()
        kinds = []
        for entry in Path(f"/proc/{process}/fd").iterdir():
            with suppress(FileNotFoundError):  # closed meanwhile
                kinds.append(os.readlink(entry).startswith("socket:"))
        return cls(
            int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) * 1024,
            kinds.count(True), kinds.count(False))


@pytest.fixture
def lasting(site_for, request: pytest.FixtureRequest) -> Iterator[Site]:
    settings = {
        "JWT_EXPIRES_IN": "2h", "REFRESH_TOKEN_EXPIRES_IN": "1d", "GATEHOUSE_LOG_LEVEL": "info"}
    with site_for(request.node.name[-25:], settings, hold_socket=True) as site:
        # More than the caches hold, 2 MB for each connection: else they would grow with the file.
        site.database.connection.execute("BEGIN")
        site.database.connection.executemany(
            "INSERT INTO people (first_name, last_name) VALUES ('Ada', ?)",
            [(f"N{number}",) for number in range(50_000)])
        site.database.connection.execute("COMMIT")
        yield site


class Load:
    """A session of an administrator, at work in bursts of a second."""

    def __init__(self, site: Site):
        self.site = site
        self.answered = 0
        client = site.client()
        self.pair = client.log_in("admin@example.com", "Admin@123")
        client.close()

    def work(self, requests: int) -> Held:
        """Sends at least so many, renews the session, and measures in the calm afterwards."""
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
    """The same process begins anew, and has once more told that it is ready."""
    ready = site.backend.log().count("notice: ready\n")
    site.backend.process.send_signal(signal.SIGHUP)
    until(lambda: site.backend.log().count("notice: ready\n") > ready, "the server is ready again")


def shown(name: str, levels: list[Held]) -> None:
    print(name, ", ".join(
        f"{held.memory / 1e6:.1f} MB {held.sockets}+{held.others}" for held in levels))


def test_nothing_leaks_however_long_a_server_lives(lasting: Site) -> None:
    load = Load(lasting)
    idle = Held.by(lasting.backend.process.pid)
    levels = [load.work(REQUESTS // 20) for _ in range(10)]
    shown(f"one life, {load.answered} requests:", levels)

    late = levels[5:]
    growth = max(held.memory for held in late) - levels[4].memory
    assert growth <= MEMORY_BOUND, f"{growth} bytes more in the last half"
    assert max(held.others for held in levels) <= levels[0].others + 1
    assert max(held.sockets for held in levels) <= idle.sockets + KEPT

    # Without nginx there is no connection left.
    lasting.nginx.stop()
    until(
        lambda: Held.by(lasting.backend.process.pid).sockets < idle.sockets,
        "all connections are closed")


def test_every_restart_and_reload_comes_back_to_one_level(lasting: Site) -> None:
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
        # Of the database's growth, only the caches are in memory; they are full after the first.
        assert max(held.memory for held in levels[1:]) <= levels[0].memory * 1.1 + MEMORY_BOUND
    all_held = [held for levels in lives.values() for held in levels]
    assert max(held.others for held in all_held) <= all_held[0].others + 1
    assert max(held.sockets for held in all_held) <= idle.sockets + KEPT
