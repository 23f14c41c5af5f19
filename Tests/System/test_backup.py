"""The daily backup, as the timer starts it."""

import pytest

from machines.installation import ADMIN, Installation

FOLDER = "/var/lib/gatehouse/backups"


@pytest.fixture(scope="module")
def backed(site: Installation) -> Installation:
    if "backup" not in site.machine.run("gatehouse --help"):
        pytest.skip("the program has no command backup")
    return site


def test_the_timer_waits_for_the_next_day(site: Installation) -> None:
    machine = site.machine
    assert machine.property("gatehouse-backup.timer", "ActiveState") == "active"
    assert machine.run("systemctl is-enabled gatehouse-backup.timer") == "enabled\n"
    assert machine.property("gatehouse-backup.timer", "NextElapseUSecRealtime")


def test_a_backup_may_do_no_more_than_the_server(site: Installation) -> None:
    said = site.machine.run("systemd-analyze security --no-pager gatehouse-backup.service")
    assert "Overall exposure level for gatehouse-backup.service: 0.5" in said


def test_a_backup_is_made_verified_and_the_servers_own(backed: Installation) -> None:
    machine = backed.machine
    machine.run("systemctl start gatehouse-backup.service")
    made = machine.run(f"ls {FOLDER}").split()
    assert len(made) == 1
    assert machine.run(f"stat -c %a {FOLDER}/{made[0]}") == "600\n"
    machine.run(f"gatehouse backup --verify {FOLDER}/{made[0]}")
    machine.run(f"cp {FOLDER}/{made[0]} /root/copy.db")
    listed = machine.run("GATEHOUSE_DATABASE=/root/copy.db gatehouse user list")
    assert ADMIN[0] in listed
    assert backed.client().request("GET", "/health").status == 200


def test_old_backups_go_only_after_a_new_one_is_made(backed: Installation) -> None:
    machine = backed.machine
    machine.run(f"rm -f {FOLDER}/*; touch -d '20 days ago' {FOLDER}/gatehouse-old.backup")
    machine.run("systemctl stop gatehouse.service gatehouse.socket")
    machine.run("cd /var/lib/gatehouse && mkdir aside && mv gatehouse.db* aside")
    machine.run("systemctl start gatehouse-backup.service", check=False)
    assert machine.run(f"ls {FOLDER}").split() == ["gatehouse-old.backup"]

    machine.run("cd /var/lib/gatehouse && mv aside/* . && rmdir aside")
    machine.run("systemctl start gatehouse.socket gatehouse-backup.service")
    (left,) = machine.run(f"ls {FOLDER}").split()
    assert left != "gatehouse-old.backup"
