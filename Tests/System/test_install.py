"""Installs the package on a machine that has never had Gatehouse."""

import re
import subprocess

import pytest

from harness import scale
from machines.installation import ADMIN, Installation
from machines.machine import Machine
from machines.package import package


@pytest.fixture(scope="module")
def site(machine: Machine, authority) -> Installation:
    if scale.IS_FULL:
        machine.run("apt-get clean")
    site = Installation(machine, package(), authority)
    site.install(is_online=scale.IS_FULL)
    return site


def test_the_printed_steps_are_enough_for_a_working_site(site: Installation) -> None:
    fetched = "packages fetched meanwhile" if scale.IS_FULL else "packages fetched before"
    print(f"installed in {site.installed:.1f} s, answered in {site.took:.1f} s; {fetched}")
    assert len(site.steps) == 3
    assert site.took < 60
    client = site.client()
    page = client.request("GET", "/", [("Accept", "text/html")])
    assert (page.status, b"<html" in page.body) == (200, True)
    pair = client.log_in(*ADMIN)
    assert client.request("GET", "/api/auth/me", pair.bearer).json == {
        "username": ADMIN[0], "role": "admin"}


def test_the_secret_is_random_and_roots_alone(site: Installation) -> None:
    said = site.machine.run("stat -c '%a %U %s' /etc/gatehouse/jwt-secret")
    assert said.split() == ["600", "root", "64"]
    secret = (site.machine.root / "etc/gatehouse/jwt-secret").read_text()
    assert len(set(secret)) > 20
    assert secret not in site.machine.run("ps eww -A; systemctl show gatehouse; journalctl")


def test_only_nginx_may_connect(site: Installation) -> None:
    said = site.machine.run("stat -c '%a %U %G' /run/gatehouse/gatehouse.sock")
    assert said.split() == ["660", "root", "www-data"]


def test_systemd_verifies_the_units_without_complaint(site: Installation) -> None:
    assert site.machine.run("systemd-analyze verify --man=no gatehouse.service") == ""
    pages = re.findall(r"man:([a-z.]+)\((\d)\)", site.machine.run("systemctl cat 'gatehouse*'"))
    listed = subprocess.run(
        ["dpkg-deb", "-c", package()], capture_output=True, text=True, check=True).stdout
    assert pages
    for name, section in pages:
        assert f"/usr/share/man/man{section}/{name}.{section}.gz" in listed


def test_the_service_cannot_take_the_whole_machine(site: Installation) -> None:
    units = site.machine.run("systemctl cat gatehouse.service gatehouse@.service")
    assert units.count("MemoryMax=50%") == units.count("TasksMax=256") == 2
    shown = [site.machine.property("gatehouse.service", name)
             for name in ("LimitCORE", "LimitCORESoft", "TasksMax")]
    assert shown == ["0", "0", "256"]


def test_the_exposure_is_at_most_half_of_one_in_ten(site: Installation) -> None:
    said = site.machine.run("systemd-analyze security --no-pager gatehouse.service")
    found = re.search(r"Overall exposure level for gatehouse.service: ([0-9.]+)", said)
    print(found[0])
    assert float(found[1]) <= 0.5


def test_the_journal_of_a_start_is_plain_text_without_warnings(site: Installation) -> None:
    lines = site.machine.run("journalctl -u gatehouse.service -o cat --no-pager").splitlines()
    print("\n".join(lines))
    assert "ready" in lines
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z][^{}<>]*", line)] == []
    warnings = site.machine.run("journalctl -u 'gatehouse*' -p warning -o cat --no-pager")
    assert warnings in ("", "-- No entries --\n")


@pytest.mark.parametrize("shell, file", [
    ("bash", "bash-completion/completions/gatehouse"), ("zsh", "zsh/vendor-completions/_gatehouse"),
    ("fish", "fish/vendor_completions.d/gatehouse.fish")])
def test_a_shell_can_complete_the_commands(site: Installation, shell: str, file: str) -> None:
    script = (site.machine.root / "usr/share" / file).read_text()
    assert "serve" in script
    if shell == "bash":
        site.machine.run(f". /usr/share/{file}; complete -p gatehouse")


def test_lintian_finds_no_error_and_no_warning() -> None:
    done = subprocess.run(
        ["lintian", "--no-cfg", "--allow-root", "--fail-on", "error,warning", package()],
        capture_output=True, text=True)
    assert (done.stdout, done.returncode) == ("", 0)
