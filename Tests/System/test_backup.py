"""The daily backup, run as its timer runs it."""

from machines.installation import ADMIN, Installation
from machines.manual import manual_commands

FOLDER = "/var/lib/gatehouse/backups"


def test_the_timer_is_enabled_and_scheduled(site: Installation) -> None:
    machine = site.machine
    assert machine.property("gatehouse-backup.timer", "ActiveState") == "active"
    assert machine.run("systemctl is-enabled gatehouse-backup.timer") == "enabled\n"
    assert machine.property("gatehouse-backup.timer", "NextElapseUSecRealtime")


def test_a_backup_may_do_no_more_than_the_server(site: Installation) -> None:
    said = site.machine.run("systemd-analyze security --no-pager gatehouse-backup.service")
    assert "Overall exposure level for gatehouse-backup.service: 0.5" in said


def test_a_backup_can_be_verified_and_only_its_owner_can_read_it(site: Installation) -> None:
    machine = site.machine
    machine.run("systemctl start gatehouse-backup.service")
    made = machine.run(f"ls {FOLDER}").split()
    assert len(made) == 1
    assert machine.run(f"stat -c %a {FOLDER}/{made[0]}") == "600\n"
    machine.run(f"gatehouse backup --verify {FOLDER}/{made[0]}")
    machine.run(f"cp {FOLDER}/{made[0]} /root/copy.db")
    listed = machine.run("GATEHOUSE_DATABASE=/root/copy.db gatehouse user list")
    assert ADMIN[0] in listed
    assert site.client().request("GET", "/health").status == 200


def test_the_manuals_restore_recovers_the_data_and_ends_every_session(site: Installation) -> None:
    machine = site.machine
    machine.run(f"rm -f {FOLDER}/* && gatehouse person add Early Bird")
    machine.run("systemctl start gatehouse-backup.service")
    pair = site.client().log_in(*ADMIN)
    machine.run("gatehouse person add Late Comer")
    owner = machine.run("stat -c '%u %g %a' /var/lib/gatehouse/gatehouse.db")
    made = machine.run(f"ls {FOLDER}").strip()

    restore, *_ = manual_commands("Restore")
    machine.run("set -e\n" + restore.replace(
        "/var/backups/gatehouse/2026-11-24T0300.backup", f"{FOLDER}/{made}"))

    assert machine.run("stat -c '%u %g %a' /var/lib/gatehouse/gatehouse.db") == owner
    client = site.client()
    assert client.request("GET", "/api/auth/me", pair.bearer).status == 403
    again = client.log_in(*ADMIN)
    people = client.request("GET", "/api/people", again.bearer).json
    assert [person["firstName"] for person in people] == ["Early"]


def test_old_backups_are_deleted_only_after_a_new_one_is_made(site: Installation) -> None:
    machine = site.machine
    machine.run(f"rm -f {FOLDER}/*; touch -d '20 days ago' {FOLDER}/gatehouse-old.backup")
    machine.run("systemctl stop gatehouse.service gatehouse.socket")
    machine.run("cd /var/lib/gatehouse && mkdir aside && mv gatehouse.db* aside")
    machine.run("systemctl start gatehouse-backup.service", check=False)
    assert machine.run(f"ls {FOLDER}").split() == ["gatehouse-old.backup"]

    machine.run("cd /var/lib/gatehouse && mv aside/* . && rmdir aside")
    machine.run("systemctl start gatehouse.socket gatehouse-backup.service")
    (left,) = machine.run(f"ls {FOLDER}").split()
    assert left != "gatehouse-old.backup"
