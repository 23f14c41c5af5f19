"""A machine with a second site: gatehouse@NAME beside gatehouse, set up as in the manual."""

import re

import pytest

from machines.installation import Installation
from machines.machine import Machine
from machines.manual import manual_commands

SHOP = "GATEHOUSE_SETTINGS=/etc/default/gatehouse@shop"


@pytest.fixture(scope="module")
def shop(site: Installation) -> Machine:
    machine = site.machine
    machine.put(
        site.authority.sign("shop", "shop.example.com", 2), "/etc/ssl/certs/shop.pem")
    machine.put(site.authority.server_key, "/etc/ssl/private/shop.key")
    commands = "set -e\n" + "".join(manual_commands("A second site"))
    assert "gatehouse site shop.example.com --name shop" in commands
    machine.run(commands, input="Passw0rd!\n")
    machine.run(
        "echo GATEHOUSE_ENVIRONMENT=shop >>/etc/default/gatehouse@shop"
        " && systemctl reload gatehouse@shop")
    return machine


def test_an_instance_has_a_socket_a_secret_and_a_database_of_its_own(shop: Machine) -> None:
    said = shop.run("stat -c '%a %U %G' /run/gatehouse@shop/gatehouse.sock")
    assert said.split() == ["660", "root", "www-data"]
    assert shop.run("stat -c '%a %U' /etc/gatehouse/jwt-secret@shop").split() == ["600", "root"]
    added = "shop-admin@example.com"
    assert added in shop.run(f"{SHOP} gatehouse user list")
    assert added not in shop.run("gatehouse user list")


def test_an_instance_may_do_no_more(shop: Machine) -> None:
    said = shop.run("systemd-analyze security --no-pager gatehouse@shop.service")
    found = re.search(r"Overall exposure level for gatehouse@shop.service: ([0-9.]+)", said)
    assert float(found[1]) <= 0.5


@pytest.mark.parametrize("host, environment", [
    ("localhost", "production"), ("shop.example.com", "shop")])
def test_each_host_reaches_its_own_instance(shop: Machine, host: str, environment: str) -> None:
    request = f"GET /health HTTP/1.1\\r\\nHost: {host}\\r\\nConnection: close\\r\\n\\r\\n"
    said = shop.run(
        f"printf '{request}' | openssl s_client -quiet -servername {host}"
        " -connect 127.0.0.1:443 2>/dev/null")
    assert f'"environment":"{environment}"' in said


def test_an_upgrade_restarts_the_instance_and_a_purge_removes_it(shop: Machine) -> None:
    process = shop.property("gatehouse@shop.service", "MainPID")
    shop.run("dpkg -i gatehouse.deb")
    assert shop.property("gatehouse@shop.service", "MainPID") not in (process, "0")
    assert "shop-admin@example.com" in shop.run(f"{SHOP} gatehouse user list")

    shop.run("apt-get purge -y gatehouse")
    assert shop.run("find /etc /var/lib /run -name '*gatehouse*@*'") == ""
    assert shop.run("systemctl list-units --no-legend 'gatehouse*'") == ""
