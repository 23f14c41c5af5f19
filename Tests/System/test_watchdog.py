"""systemd notices a server that hangs, and restarts it."""

from harness.polling import until
from machines.installation import Installation

# The 30 seconds of the shipped unit would only make the test slow.
PATIENCE = 3


def test_a_server_that_hangs_is_restarted(site: Installation) -> None:
    machine = site.machine
    assert machine.property("gatehouse.service", "WatchdogUSec") == "30s"
    machine.run(
        "mkdir -p /etc/systemd/system/gatehouse.service.d"
        f" && printf '[Service]\\nWatchdogSec={PATIENCE}s\\n'"
        " >/etc/systemd/system/gatehouse.service.d/watchdog.conf"
        " && systemctl daemon-reload && systemctl restart gatehouse.service")
    process = machine.property("gatehouse.service", "MainPID")
    said = machine.property("gatehouse.service", "WatchdogTimestampMonotonic")

    def told_again() -> bool:
        return machine.property("gatehouse.service", "WatchdogTimestampMonotonic") != said

    until(told_again, "the server sends another heartbeat", within=3 * PATIENCE)
    assert machine.property("gatehouse.service", "MainPID") == process

    machine.run(f"kill -STOP {process}")
    until(
        lambda: machine.property("gatehouse.service", "MainPID") not in (process, "0"),
        "systemd restarts the server", within=10 * PATIENCE)
    assert site.client().request("GET", "/health").status == 200
    assert "Watchdog timeout" in machine.run("journalctl -u gatehouse.service --no-pager")
