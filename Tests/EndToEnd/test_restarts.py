"""A restart loses no request: the listening socket stays open, as with a socket unit."""

import subprocess

from harness import scale
from harness.backend import binary
from harness.load import Crowd

RESTARTS = scale.amount("RESTARTS", 100, 100)


def test_no_request_fails_during_restarts_under_load(site_for) -> None:
    seed = scale.seed()
    lasting = {"JWT_EXPIRES_IN": "1h", "REFRESH_TOKEN_EXPIRES_IN": "1d"}
    with site_for("restarts", lasting, hold_socket=True) as site, Crowd(site, seed) as crowd:
        for _ in range(RESTARTS):
            crowd.work(20)
            site.backend.restart()
        crowd.work(20)

    reads, writes = crowd.count("GET", "PUT", "DELETE"), crowd.count("POST")
    print(f"seed {seed}: {RESTARTS} restarts, {reads} others and {writes} POST answered")
    assert crowd.failures == []
    assert reads > RESTARTS and writes > RESTARTS


def test_a_socket_passed_by_systemd_is_served(site_for) -> None:
    """systemd sets LISTEN_FDS and LISTEN_PID and passes descriptor 3 (sd_listen_fds(3))."""
    with site_for("activation", hold_socket=True) as site:
        site.backend.stop()
        environment = site.backend.environment | {"LISTEN_FDS": "1"}
        del environment["GATEHOUSE_LISTEN"]
        script = f'exec 3<&{site.listener.fileno()}; LISTEN_PID=$$ exec "$0" serve'
        with (site.directory / "activated.log").open("wb") as log:
            activated = subprocess.Popen(
                ["bash", "-c", script, binary()], env=environment, stderr=log,
                pass_fds=[site.listener.fileno()])
        try:
            assert site.client().request("GET", "/health").status == 200
        finally:
            activated.terminate()
            assert activated.wait(10) == 0
