"""The guide's programs stay signed in, although several threads share a session and responses are
lost.

Each runs where its language is installed.
"""

import json
import re
import shutil
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from harness import log_leaks
from harness.client import Answer, Headers
from harness.site import Site

ROOT = Path(__file__).parents[2]
DRIVERS = Path(__file__).with_name("programs")
LIFETIME = 2
SECONDS = 4 * LIFETIME


@pytest.fixture(scope="module")
def short_lived(site_for: Callable[..., Site]) -> Iterator[Site]:
    settings = {"JWT_EXPIRES_IN": f"{LIFETIME}s", "REFRESH_TOKEN_EXPIRES_IN": "1h"}
    with site_for("guide-programs", settings) as site:
        yield site


def example(language: str) -> str:
    """Returns the guide's code in a language."""
    guide = (ROOT / "docs/single-page-apps.md").read_text()
    (code,) = re.findall(rf"```{language}\n(.*?)```", guide, re.DOTALL)
    return code


def python(folder: Path) -> list[str]:
    (folder / "session.py").write_text(example("python"))
    return [sys.executable, shutil.copy(DRIVERS / "drive.py", folder)]


def go(folder: Path) -> list[str]:
    (folder / "session.go").write_text(example("go"))
    shutil.copy(DRIVERS / "drive.go", folder)
    return ["go", "run", "session.go", "drive.go"]


def java(folder: Path) -> list[str]:
    """Launches one file, whose first class has `main` (JEP 330)."""
    imports, session = example("java").split("class Session", 1)
    driver = (DRIVERS / "Drive.java").read_text()
    (folder / "Drive.java").write_text(f"{imports}{driver}\nclass Session{session}")
    return ["java", "Drive.java"]


def php(folder: Path) -> list[str]:
    (folder / "session.php").write_text(example("php"))
    shutil.copy(DRIVERS / "drive.php", folder)
    return ["php", "drive.php"]


class LossyProxy(ThreadingHTTPServer):
    """Forwards requests to a site, and loses every second response to a refresh."""

    daemon_threads = True

    def __init__(self, site: Site) -> None:
        super().__init__(("127.0.0.1", 0), Forwarding)
        self.site = site
        self.refreshes: list[tuple[str, int, bool]] = []
        self.refreshing = 0
        self.most_at_once = 0
        self.lock = threading.Lock()

    def forward(self, method: str, path: str, headers: Headers, body: bytes) -> Answer:
        client = self.site.client()
        try:
            return client.request(method, path, headers, body)
        finally:
            client.close()


class Forwarding(BaseHTTPRequestHandler):
    server: LossyProxy

    def forward(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        log_leaks.register_body(body or b"{}")
        passed = [(name, value) for name, value in self.headers.items() if name in {
            "Authorization", "Content-Type", "Idempotency-Key"}]
        is_refresh = self.path == "/api/auth/refresh"
        with self.server.lock:
            self.server.refreshing += is_refresh
            self.server.most_at_once = max(self.server.most_at_once, self.server.refreshing)
        answer = self.server.forward(self.command, self.path, passed, body)
        with self.server.lock:
            self.server.refreshing -= is_refresh
            is_lost = is_refresh and len(self.server.refreshes) % 2 == 0
            if is_refresh:
                key = self.headers["Idempotency-Key"] or ""
                self.server.refreshes.append((key, answer.status, is_lost))
        if is_lost:
            return self.connection.close()
        self.send_response(answer.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    do_GET = do_POST = forward

    def log_message(self, format: str, *arguments: object) -> None:
        pass


@contextmanager
def lossy(site: Site) -> Iterator[LossyProxy]:
    with LossyProxy(site) as proxy:
        thread = threading.Thread(target=proxy.serve_forever)
        thread.start()
        try:
            yield proxy
        finally:
            proxy.shutdown()
            thread.join()


@pytest.mark.parametrize("program", [python, go, java, php])
def test_threads_share_a_session_and_survive_lost_responses(
    program: Callable[[Path], list[str]], short_lived: Site, tmp_path: Path
) -> None:
    command = program(tmp_path)
    if not shutil.which(command[0]):
        pytest.skip(f"{command[0]} is not installed")
    (email,) = short_lived.database.add_accounts(f"program-{program.__name__}", 1)
    with lossy(short_lived) as proxy:
        site = f"http://127.0.0.1:{proxy.server_address[1]}"
        run = subprocess.run(
            [*command, site, email, "John@123", str(SECONDS)], cwd=tmp_path, text=True,
            stdout=subprocess.PIPE, timeout=300)
    print(run.stdout, proxy.refreshes)
    assert run.returncode == 0
    assert json.loads(run.stdout).keys() == {"200"}

    assert {status for _, status, _ in proxy.refreshes} == {200}
    assert proxy.most_at_once == 1
    lost = [key for key, _, is_lost in proxy.refreshes if is_lost]
    assert len(lost) >= 2 and all(lost)
    # Each lost response was asked for again with the same key, which is used for nothing else.
    assert {key: 2 for key in lost} == Counter(key for key, *_ in proxy.refreshes)
    ended = "SELECT count(*) FROM sessions WHERE ended_at IS NOT NULL"
    assert short_lived.database.execute(ended) == [(0,)]
