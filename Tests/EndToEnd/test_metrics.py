"""The server's metrics and its readiness check."""

import os
import re
import socket
import sqlite3
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from harness import fastcgi
from harness.nginx import SHIPPED
from harness.polling import until
from harness.ports import free_port
from harness.site import Site


@pytest.fixture(scope="module")
def told(site_for) -> Iterator[Site]:
    """A site that serves metrics on a second socket."""
    site: Site = site_for("metrics")
    address = f"unix:{site.directory / 'metrics.sock'}"
    site.backend.environment["GATEHOUSE_METRICS_LISTEN"] = address
    with site:
        yield site


def metrics(site: Site) -> dict[str, float]:
    """The value of every sample, by its name and labels."""
    with fastcgi.Peer(site.directory / "metrics.sock") as peer:
        peer.send(fastcgi.request("GET", "/metrics"))
        answer = fastcgi.output(peer.read()).decode()
    head, _, text = answer.partition("\r\n\r\n")
    assert "text/plain; version=0.0.4" in head
    # Each metric has a HELP line before its first sample, and no sample occurs twice.
    samples: dict[str, float] = {}
    explained = ""
    for line in text.splitlines():
        if line.startswith("# HELP "):
            explained = line.split()[2]
        elif not line.startswith("#"):
            match = re.fullmatch(r'(([a-z_]+)(?:\{[^{}]*\})?) (\S+)', line)
            assert match, line
            assert match[2].startswith(explained), line
            assert match[1] not in samples, line
            samples[match[1]] = float(match[3])
    return samples


def test_each_response_is_counted_by_route_and_status(told: Site) -> None:
    client = told.client()
    pair = client.log_in("john@example.com", "John@123")
    before = metrics(told)
    for _ in range(3):
        assert client.request("GET", "/api/auth/me", pair.bearer).status == 200
    client.request("GET", "/api/auth/me")
    client.request("DELETE", "/api/people/1", pair.bearer)
    client.request("GET", "/api/nowhere")
    after = metrics(told)

    def grown(name: str) -> float:
        return after[name] - before.get(name, 0)

    me = 'route="GET /api/auth/me"'
    assert grown(f'gatehouse_requests_total{{{me},status="200"}}') == 3
    assert grown(f'gatehouse_requests_total{{{me},status="401"}}') == 1
    remove = 'route="DELETE /api/people/:id"'
    assert grown(f'gatehouse_requests_total{{{remove},status="403"}}') == 1
    assert grown('gatehouse_requests_total{route="none",status="404"}') == 1
    assert grown(f'gatehouse_request_duration_seconds_count{{{me}}}') == 4
    assert grown(f'gatehouse_request_duration_seconds_bucket{{{me},le="+Inf"}}') == 4
    assert 0 < grown(f'gatehouse_request_duration_seconds_sum{{{me}}}') < 10


def test_commits_hashes_sessions_and_reuses_are_counted(told: Site) -> None:
    client = told.client()
    before = metrics(told)
    pair = client.log_in("john@example.com", "John@123")

    def counted() -> dict[str, float] | None:
        """The metrics, once they include the commit and the hash; the response is sent earlier."""
        live = metrics(told)
        names = ("gatehouse_commit_writes_count", "gatehouse_password_hash_seconds_count")
        return live if all(live[name] > before[name] for name in names) else None

    live = until(counted, "a commit and a hash are counted")
    assert live["gatehouse_sessions"] == before["gatehouse_sessions"] + 1
    assert live["gatehouse_password_hash_seconds_count"] == (
        before["gatehouse_password_hash_seconds_count"] + 1)
    assert live["gatehouse_password_hash_seconds_sum"] > (
        before["gatehouse_password_hash_seconds_sum"])
    assert live["gatehouse_commit_waiting"] == live["gatehouse_password_waiting"] == 0

    for status in (200, 400):
        answer = client.request("POST", "/api/auth/refresh", pair.cookie)
        assert answer.status == status
    after = metrics(told)
    assert after["gatehouse_token_reuses_total"] == live["gatehouse_token_reuses_total"] + 1
    assert after["gatehouse_sessions"] == before["gatehouse_sessions"]
    assert 1e6 < after["process_resident_memory_bytes"] < 1e9
    assert 5 < after["process_open_fds"] < 200


def test_the_shipped_site_publishes_them_to_this_machine_alone(told: Site) -> None:
    port = free_port()
    directory = told.directory / "metrics-nginx"
    (directory / "temp").mkdir(parents=True)
    shipped = (SHIPPED / "gatehouse-metrics.conf").read_text()
    assert shipped.count("listen 127.0.0.1:9464;") == shipped.count("listen ") == 1
    site = shipped.replace("127.0.0.1:9464", f"127.0.0.1:{port}").replace(
        "/run/gatehouse/metrics.sock", str(told.directory / "metrics.sock"))
    (directory / "site.conf").write_text(site)
    user = "user root;" if os.getuid() == 0 else ""
    temporary = " ".join(
        f"{kind}_temp_path {directory}/temp/{kind};"
        for kind in ("client_body", "fastcgi", "proxy", "uwsgi", "scgi"))
    (directory / "nginx.conf").write_text(
        f"{user} daemon off; pid {directory}/pid; error_log {directory}/error.log;"
        f" events {{}} http {{ {temporary} include site.conf; }}")
    server = subprocess.Popen(
        ["nginx", "-p", directory, "-c", directory / "nginx.conf", "-e", directory / "error.log"],
        env=os.environ | {"PATH": os.environ["PATH"] + ":/usr/sbin"})
    try:
        until(lambda: reaches(port), "nginx accepts connections")
        address = f"http://127.0.0.1:{port}"
        with urllib.request.urlopen(f"{address}/metrics", timeout=10) as answer:
            assert "gatehouse_sessions" in answer.read().decode()
            assert answer.headers["Server"] == "nginx"
        for request in (
                urllib.request.Request(f"{address}/other"),
                urllib.request.Request(f"{address}/metrics", method="POST", data=b"")):
            with pytest.raises(urllib.error.HTTPError):
                urllib.request.urlopen(request, timeout=10)
    finally:
        server.terminate()
        server.wait(10)


def reaches(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_metrics_are_not_where_nginx_publishes(told: Site) -> None:
    for path in ("/metrics", "/api/metrics"):
        assert told.client().request("GET", path).status == 404


def test_the_server_is_ready_only_if_it_can_write(told: Site) -> None:
    client = told.client()
    answer = client.request("GET", "/health/ready")
    assert answer.status == 200
    assert answer.json["success"] is True and answer.json["message"] == "API is ready"

    other = sqlite3.connect(told.backend.database_path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    answer = client.request("GET", "/health/ready")
    assert answer.status == 503
    assert answer.json == {"statusCode": 503, "message": "Service is not ready"}
    # The health check still passes, because a restart would not help.
    assert client.request("GET", "/health").status == 200
    other.execute("ROLLBACK")
    other.close()

    assert client.request("GET", "/health/ready").status == 200
    assert "not ready" in told.backend.log()
