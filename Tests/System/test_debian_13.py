"""The package built for Debian 12, installed on Debian 13."""

from collections.abc import Callable

from machines.installation import ADMIN, Installation
from machines.machine import Machine
from machines.package import package


def test_the_same_package_installs_and_serves(
    boot: Callable[[str], Machine], authority
) -> None:
    with boot("trixie") as machine:
        assert 'VERSION_CODENAME=trixie' in machine.run("cat /etc/os-release")
        site = Installation(machine, package(), authority)
        site.install()
        print(f"installed in {site.installed:.1f} s, answered in {site.took:.1f} s")
        pair = site.client().log_in(*ADMIN)
        assert site.client().request("GET", "/api/auth/me", pair.bearer).json == {
            "username": ADMIN[0], "role": "admin"}
        assert machine.run("systemd-analyze verify --man=no gatehouse.service") == ""
        print(machine.run("nginx -t; systemd-analyze security gatehouse.service | tail -n 1"))
        machine.run("apt-get purge -y gatehouse")
