"""Gatehouse as a newcomer gets it: the package, then what it says is left to do."""

import re
import time
from pathlib import Path

from harness import log_leaks
from harness.certificates import Authority
from harness.client import Client
from harness.database import ACCOUNTS
from harness.polling import until

from .machine import Machine

ADMIN = ("admin@example.com", "Admin@123")


class Installation:
    """A site on a machine; to the clients of the end-to-end tests it looks like theirs."""

    def __init__(self, machine: Machine, package: Path, authority: Authority):
        self.machine = machine
        self.authority = authority
        self.database = self
        self.package = package

    def install(self, is_online: bool = False) -> None:
        """One command, then the printed steps and nothing else, until https is answered."""
        machine = self.machine
        machine.put(self.package, "/root/gatehouse.deb")
        begun = time.monotonic()
        self.said = machine.run("apt-get install -y ./gatehouse.deb", is_online=is_online)
        self.installed = time.monotonic() - begun
        machine.put(self.authority.server_certificate, "/etc/ssl/certs/gatehouse.pem")
        machine.put(self.authority.server_key, "/etc/ssl/private/gatehouse.key")
        machine.run("chmod 600 /etc/ssl/private/gatehouse.key")
        self.steps = printed_commands(self.said)
        machine.run("\n".join(["set -e", *self.steps]), input=f"{ADMIN[1]}\n")
        until(self.answers, "https is answered")
        self.took = time.monotonic() - begun

    def client(self) -> Client:
        return Client(443, self.authority.certificate)

    def sql(self, statement: str) -> list[list[str]]:
        """Runs a statement in the server's database; rows of text."""
        said = self.machine.run(
            "sqlite3 -cmd '.timeout 10000' -separator '\t' /var/lib/gatehouse/gatehouse.db",
            input=statement)
        return [line.split("\t") for line in said.splitlines()]

    def add_accounts(self, name: str, count: int, role: str = "user") -> list[str]:
        """Adds accounts with John's password, cheap to check."""
        emails = [f"{name}-{number}@example.com" for number in range(count)]
        log_leaks.register(*emails)
        rows = ", ".join(
            f"('{email}', '{ACCOUNTS[0][3]}', '{role}', 0, 1700000000000)" for email in emails)
        self.sql(
            "INSERT OR IGNORE INTO accounts (email, password_hash, role, is_disabled, created_at)"
            f" VALUES {rows};")
        return emails

    def make_ready_for_load(self) -> None:
        """No limits for the one address that all load comes from; cheap passwords; a person."""
        self.machine.run("apt-get install -y --no-install-recommends sqlite3")
        self.machine.run(
            "sed -i 's,rate=.*;,rate=10000r/s;,'"
            " /etc/nginx/gatehouse/settings/{rates,networks}.conf"
            " && echo 'GATEHOUSE_PASSWORD_COST=4' >>/etc/default/gatehouse"
            " && echo 'GATEHOUSE_PEOPLE_RATE=1000000' >>/etc/default/gatehouse"
            " && echo 'JWT_EXPIRES_IN=1h' >>/etc/default/gatehouse"
            " && systemctl restart gatehouse nginx && gatehouse person add John Doe")

    def answers(self) -> bool:
        client = self.client()
        try:
            return client.request("GET", "/health").status == 200
        except OSError:
            return False
        finally:
            client.close()


def printed_commands(said: str) -> list[str]:
    """The commands of the package's steps, for the name and the person of these tests.

    The tests are root on a machine without sudo.
    """
    commands = re.findall(r"(?m)^     (\S.*)$", said)
    return [
        command.replace("www.example.com", "localhost").replace("sudo ", "")
        for command in commands]
