"""Removing the package keeps its data; purging it leaves nothing behind."""

from machines.installation import Installation

# The certificate is the site owner's, the log nginx's, and the package file the test's.
KEPT = {
    "/etc/ssl/certs/gatehouse.pem", "/etc/ssl/private/gatehouse.key",
    "/var/log/nginx/gatehouse.log", "/root/gatehouse.deb",
}


def left(site: Installation) -> set[str]:
    said = site.machine.run("find / /run /tmp -xdev -name '*gatehouse*'")
    return set(said.split()) - KEPT


def test_removal_and_reinstallation_lose_nothing(site: Installation) -> None:
    machine = site.machine
    before = machine.run("gatehouse user list; cat /etc/gatehouse/jwt-secret")
    machine.run("apt-get remove -y gatehouse")
    assert machine.property("gatehouse.socket", "LoadState") == "not-found"
    assert "gatehouse" not in machine.run("ps -A -o comm= || true", check=False)
    assert machine.run("nginx -t 2>&1")

    machine.run("apt-get install -y ./gatehouse.deb")
    assert machine.run("gatehouse user list; cat /etc/gatehouse/jwt-secret") == before
    assert site.client().request("GET", "/health").status == 200


def test_a_purge_leaves_nothing_behind_and_nginx_still_starts(site: Installation) -> None:
    machine = site.machine
    assert "/var/lib/private/gatehouse" in left(site)
    said = machine.run("apt-get purge -y gatehouse")
    assert "rror" not in said and "arning" not in said, said
    assert left(site) == set()
    machine.run("nginx -t && systemctl restart nginx")
