"""`make run`: what it starts, prints and keeps, and that it stops everything it started."""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness import log_leaks
from harness.backend import BASE_SETTINGS, ROOT
from harness.client import Client
from harness.nginx import ORIGIN
from harness.polling import until
from harness.ports import free_port
from nginx_answers import is_secured


@contextmanager
def make_run(
    data: Path, port: int, is_killed: bool = False, **settings: str
) -> Iterator[list[str]]:
    """Starts `make run`, waits until it prints that it is ready, and interrupts it as Ctrl-C does.

    With `is_killed`, only make itself is killed; its child processes get no signal from here.
    """
    # Without the flags of an outer make and the settings of the tests themselves.
    inherited = {
        name: value for name, value in os.environ.items()
        if "MAKE" not in name and not name.startswith("GATEHOUSE_")}
    run = subprocess.Popen(
        ["make", "run", f"PORT={port}", f"DATA={data}"], cwd=ROOT, text=True,
        env=inherited | settings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        start_new_session=True,
        # A shell starts its background jobs with SIGINT ignored, and a script cannot undo that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    assert run.stdout
    lines: list[str] = []
    try:
        for line in run.stdout:
            lines.append(line.strip())
            if line.startswith("ready "):
                break
        assert lines and lines[-1] == f"ready https://localhost:{port}", lines
        yield lines
    finally:
        if is_killed:
            run.kill()
        else:
            os.killpg(run.pid, signal.SIGINT)
        run.communicate(timeout=15)


def test_make_run_stops_completely_and_keeps_its_data(tmp_path: Path) -> None:
    port = free_port()
    with make_run(tmp_path, port) as lines:
        password = (tmp_path / "admin-password").read_text().strip()
        secret = (tmp_path / "jwt-secret").read_text().strip()
        log_leaks.register(password, secret)
        assert sum(password in line for line in lines) == 1
        for name in ("admin-password", "jwt-secret", "gatehouse.db"):
            assert (tmp_path / name).stat().st_mode & 0o077 == 0, name
        first = Client(port, tmp_path / "ca.pem").log_in("admin@example.com", password)

    assert not (tmp_path / "gatehouse.sock").exists()
    until(lambda: is_free(port), "the port is free after an interrupt")

    with make_run(tmp_path, port, is_killed=True) as lines:
        assert not any(password in line for line in lines)
        client = Client(port, tmp_path / "ca.pem")
        people = client.request("GET", "/api/people", first.bearer).json
        assert [person["lastName"] for person in people] == ["Doe", "Clark"]

    until(lambda: is_free(port), "the port is free after make was killed")


def test_make_run_accepts_settings_and_has_no_rate_limits(tmp_path: Path) -> None:
    """The Express backend's settings apply, its client's origin is allowed, and no limit is met."""
    port = free_port()
    with make_run(tmp_path, port, **BASE_SETTINGS):
        client = Client(port, tmp_path / "ca.pem")
        health = client.request("GET", "/health", [("Origin", ORIGIN)])
        assert health.json["environment"] == BASE_SETTINGS["NODE_ENV"]
        assert health.header("access-control-allow-origin") == ORIGIN
        assert is_secured(health)

        for path, status in ("login", 400), ("signup", 400), ("refresh", 401):
            for _ in range(100):
                assert client.send_json("POST", f"/api/auth/{path}", {}).status == status
        # The caller's secret is used, so none is generated.
        assert not (tmp_path / "jwt-secret").exists()


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
