"""Metrics are available on this machine once an administrator enables them."""

import http.client
import socket

from harness.polling import until
from machines.installation import Installation
from machines.manual import manual_commands


def metrics() -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", 9464, timeout=10)
    connection.request("GET", "/metrics")
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def is_listening() -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", 9464)) == 0


def test_the_manuals_commands_enable_metrics_and_a_purge_removes_them(site: Installation) -> None:
    machine = site.machine
    assert machine.property("gatehouse-metrics.socket", "ActiveState") == "inactive"
    (block,) = manual_commands("Metrics")
    machine.run("set -e\n" + "".join(
        f"{line}\n" for line in block.splitlines() if not line.startswith("curl ")))
    assert site.client().request("GET", "/health").status == 200
    # nginx reloads after systemctl has returned.
    until(is_listening, "nginx listens for metrics")
    status, text = metrics()
    assert status == 200
    assert "gatehouse_requests_total{" in text

    machine.run("dpkg -i gatehouse.deb")
    assert metrics()[0] == 200
    machine.run("apt-get purge -y gatehouse")
    machine.run("nginx -t && systemctl restart nginx")
    assert machine.run("find /etc /run -name '*gatehouse-metrics*'") == ""
    assert machine.run("ls -A /run/gatehouse 2>/dev/null || true") == ""
    assert "gatehouse" not in machine.run("systemctl list-units --no-legend 'gatehouse*'")
