"""What systemd allows the server (systemd/gatehouse.service) is more than the server needs."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from harness.backend import ROOT
from harness.site import Site

UNIT = (ROOT / "systemd/gatehouse.service").read_text()


def limit(name: str) -> int:
    (value,) = re.findall(rf"(?m)^{name}=(\d+)%?$", UNIT)
    return int(value)


def status(site: Site, name: str) -> int:
    """A number of /proc/PID/status (proc(5)); memory is in kB."""
    assert site.backend.process
    text = Path(f"/proc/{site.backend.process.pid}/status").read_text()
    (value,) = re.findall(rf"(?m)^{name}:\s+(\d+)", text)
    return int(value)


def test_the_largest_numbers_of_threads_are_allowed(site_for: Callable[..., Site]) -> None:
    settings = {"GATEHOUSE_WORKERS": "64", "GATEHOUSE_HASHING_THREADS": "64"}
    with site_for("threads", settings) as site:
        # A reload runs two more processes in the unit, a shell and `gatehouse check`.
        assert 128 < status(site, "Threads") < limit("TasksMax") - 50


def test_yescrypt_on_eight_threads_fits_into_half_of_a_gigabyte(
    site_for: Callable[..., Site]
) -> None:
    settings = {
        "GATEHOUSE_WORKERS": "8", "GATEHOUSE_HASHING_THREADS": "8",
        "GATEHOUSE_PASSWORD_SCHEME": "yescrypt", "GATEHOUSE_PASSWORD_COST": "5",
        "JWT_EXPIRES_IN": "1h", "REFRESH_TOKEN_EXPIRES_IN": "1d"}
    with site_for("memory", settings) as site:
        site.database.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 101000)"
            " INSERT INTO people (id, first_name, last_name) SELECT i, 'Jane', 'Doe' FROM n")
        token = site.client().log_in("admin@example.com", "Admin@123").bearer

        def log_in(number: int) -> int:
            name = f"unknown-{number}@example.com"
            client = site.client(address=f"127.0.4.{number + 1}")
            return client.send_json(
                "POST", "/api/auth/login", {"username": name, "password": "Wrong@123"}).status

        def read_people(_: int) -> int:
            return site.client().request("GET", "/api/people", token).status

        with ThreadPoolExecutor(24) as pool:
            statuses = pool.map(log_in, range(48))
            lists = pool.map(read_people, range(8))
            assert (set(statuses), set(lists)) == ({401}, {200})
        peak = status(site, "VmHWM") / 1024
        print(f"peak of resident memory: {peak:.0f} MB")
        assert peak < 1024 * limit("MemoryMax") / 100
