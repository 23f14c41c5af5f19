"""`gatehouse doctor` under systemd: the findings that are only possible there."""

import json
from pathlib import Path

import pytest

from machines.installation import Installation
from machines.machine import Machine
from machines.manual import manual_commands
from test_instances import shop  # noqa: F401: a fixture


@pytest.fixture(scope="module")
def installed(site: Installation) -> Machine:
    """The packaged service, with a certificate for a month, and as many connections as advised."""
    authority, machine = site.authority, site.machine
    machine.put(authority.sign("month", "localhost", 30), "/etc/ssl/certs/gatehouse.pem")
    machine.put(authority.certificate, "/root/ca.pem")
    assert examine(machine)[0] == {
        ("warning", "connections-few"), ("warning", "certificate-not-loaded")}
    machine.run("".join(["set -e\n", *manual_commands("Many connections")]))
    return machine


def examine(machine: Machine, *options: str) -> tuple[set[tuple[str, str]], str]:
    """Runs the doctor; returns its findings as (severity, check), and the skipped checks."""
    said = machine.run(
        f"gatehouse doctor --json --authority /root/ca.pem {' '.join(options)} 2>/tmp/unseen"
        " || [ $? -le 2 ]")
    found = {(finding["severity"], finding["check"]) for finding in json.loads(said)}
    return found, Path(machine.root / "tmp/unseen").read_text()


def test_an_installation_by_the_printed_steps_has_no_findings(installed: Machine) -> None:
    found, unseen = examine(installed)
    assert found == set(), unseen
    # The machine is a container, whose clock is the host's.
    assert unseen.count("\n") == 1 and "clock-unsynchronised" in unseen, unseen


def test_a_stopped_or_disabled_unit_is_found(installed: Machine) -> None:
    installed.run("systemctl disable gatehouse.service")
    assert examine(installed)[0] == {("warning", "service-stopped")}
    installed.run("systemctl enable gatehouse.service; systemctl stop gatehouse.socket")
    assert examine(installed)[0] == {("error", "service-stopped")}
    installed.run("systemctl start gatehouse.socket gatehouse.service")
    assert examine(installed)[0] == set()


def test_a_server_that_does_not_start_is_reported_with_its_cause_only(
    installed: Machine
) -> None:
    installed.run("cp /etc/default/gatehouse /root/before"
                  " && echo GATEHOUSE_WROKERS=2 >>/etc/default/gatehouse"
                  " && systemctl restart --no-block gatehouse.service")
    found, unseen = examine(installed)
    assert found == {("error", "settings-wrong")}, unseen
    installed.run("cp /root/before /etc/default/gatehouse && systemctl restart gatehouse.service")
    assert examine(installed)[0] == set()


def test_a_backup_that_is_turned_off_is_found_unless_it_is_masked(installed: Machine) -> None:
    installed.run("systemctl disable --now gatehouse-backup.timer")
    assert examine(installed)[0] == {("warning", "backup-disabled")}
    installed.run("systemctl mask gatehouse-backup.timer")
    assert examine(installed)[0] == set()
    installed.run("systemctl unmask gatehouse-backup.timer"
                  " && systemctl enable --now gatehouse-backup.timer")
    assert examine(installed)[0] == set()


def test_an_old_backup_by_the_timer_is_found(installed: Machine) -> None:
    installed.run("systemctl start gatehouse-backup.service")
    assert examine(installed)[0] == set()
    installed.run("touch -d '5 days ago' /var/lib/gatehouse/backups/gatehouse-*")
    assert examine(installed)[0] == {("warning", "backup-old")}


def test_without_root_the_skipped_checks_are_listed(installed: Machine) -> None:
    said = installed.run("setpriv --reuid 65534 --regid 65534 --clear-groups gatehouse doctor")
    assert "errors: 0, warnings: 0" in said
    assert "run as root" in said and "only root can read nginx's configuration" in said


def test_a_second_site_is_examined_by_its_name(
    installed: Machine, shop: Machine, site: Installation  # noqa: F811
) -> None:
    shop.put(site.authority.sign("shop", "shop.example.com", 30), "/etc/ssl/certs/shop.pem")
    shop.run("systemctl reload nginx; touch /var/lib/gatehouse/backups/gatehouse-*")
    assert examine(shop, "--instance shop")[0] == set()
    assert examine(shop)[0] == set()
    shop.run("systemctl stop gatehouse@shop.socket gatehouse@shop.service")
    assert ("error", "service-stopped") in examine(shop, "--instance shop")[0]
    assert examine(shop)[0] == set()
