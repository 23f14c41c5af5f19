"""An upgrade with every packaged file changed asks nothing of a site that was set up by the steps."""

import re
import shutil
import subprocess
from pathlib import Path

from harness.polling import until
from machines.installation import Installation
from machines.machine import Machine

SETTINGS = "/etc/nginx/gatehouse/settings"


def repacked(package: Path, folder: Path, version: str, change) -> Path:
    """The package under another version, after a change of its unpacked files."""
    tree = folder / version
    subprocess.run(["dpkg-deb", "-R", package, tree], check=True)
    control = tree / "DEBIAN/control"
    control.write_text(re.sub(r"(?m)^Version:.*", f"Version: {version}", control.read_text()))
    change(tree)
    file = folder / f"{version}.deb"
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "-b", tree, file], check=True, capture_output=True)
    return file


def change_every_text(tree: Path) -> None:
    """Adds a comment to every file that an administrator could edit."""
    files = [*(tree / "etc").rglob("*"), *(tree / "usr/share/gatehouse").rglob("*.conf"),
             tree / "usr/share/gatehouse/settings"]
    changed = [file for file in files if file.is_file()]
    assert len(changed) > 15
    for file in changed:
        file.write_text(file.read_text() + "# of the new version\n")


def as_conffiles(tree: Path) -> None:
    """The packaging from before `gatehouse site`: the settings are conffiles."""
    templates = tree / "usr/share/gatehouse"
    settings = tree / SETTINGS.lstrip("/")
    shutil.copytree(templates / "nginx/settings", settings)
    (tree / "etc/default").mkdir()
    shutil.copy(templates / "settings", tree / "etc/default/gatehouse")
    listen = settings / "listen.conf"
    listen.write_text(
        listen.read_text() + "server_name gatehouse.example;\n"
        "ssl_certificate     /etc/ssl/certs/gatehouse.pem;\n"
        "ssl_certificate_key /etc/ssl/private/gatehouse.key;\n"
        "root /usr/share/gatehouse/web;\n")
    redirect = settings / "redirect.conf"
    redirect.write_text(redirect.read_text().replace(
        "include gatehouse/settings/site.conf;", "server_name gatehouse.example;"))
    shutil.rmtree(templates / "nginx")
    (templates / "settings").unlink()
    listed = tree / "DEBIAN/conffiles"
    names = [f"{SETTINGS}/{file.name}" for file in settings.iterdir()]
    listed.write_text(listed.read_text() + "\n".join([*names, "/etc/default/gatehouse", ""]))
    script = tree / "DEBIAN/postinst"
    script.write_text(script.read_text().replace('    copy_all_settings "$2"\n', ""))


def upgrade(machine: Machine, package: Path) -> str:
    machine.put(package, "/root/new.deb")
    # Without a terminal, dpkg ends with an error where it would ask.
    return machine.run("env -u DEBIAN_FRONTEND apt-get -y install ./new.deb </dev/null")


def assert_works(site: Installation) -> None:
    assert site.machine.run("dpkg-query -W -f '${Status}' gatehouse") == "install ok installed"
    assert site.machine.run("find /etc -name '*.dpkg-*' -path '*gatehouse*'") == ""
    site.machine.run("nginx -t && systemctl reload nginx")
    until(site.answers, "https is answered")
    client = site.client()
    assert client.request("GET", "/", [("Accept", "text/html")]).status == 200


def test_an_upgrade_of_a_configured_site_asks_nothing(
    site: Installation, tmp_path: Path
) -> None:
    machine = site.machine
    machine.run(
        f"echo '# mine' >>{SETTINGS}/rates.conf; echo '# mine' >>/etc/default/gatehouse")
    before = machine.run(f"cat {SETTINGS}/* /etc/default/gatehouse")

    said = upgrade(machine, repacked(site.package, tmp_path, "9.0.0", change_every_text))

    assert "onfiguration file" not in said, said
    assert machine.run(f"cat {SETTINGS}/* /etc/default/gatehouse") == before
    assert "# of the new version" in machine.run("cat /etc/nginx/gatehouse/server/tls.conf")
    assert_works(site)


def test_settings_that_were_conffiles_are_kept_without_a_question(
    site: Installation, tmp_path: Path
) -> None:
    machine = site.machine
    machine.run("apt-get purge -y gatehouse")
    machine.put(repacked(site.package, tmp_path, "0.9.0", as_conffiles), "/root/old.deb")
    machine.run("apt-get install -y ./old.deb")
    machine.run(
        f"sed -i s/gatehouse.example/localhost/ {SETTINGS}/*.conf;"
        " echo GATEHOUSE_LOG_LEVEL=notice >>/etc/default/gatehouse;"
        " ln -s ../sites-available/gatehouse /etc/nginx/sites-enabled/")
    before = machine.run(f"cat {SETTINGS}/* /etc/default/gatehouse")

    said = upgrade(machine, repacked(site.package, tmp_path, "9.0.1", change_every_text))

    assert "onfiguration file" not in said, said
    assert machine.run(f"cat {SETTINGS}/* /etc/default/gatehouse") == before
    assert_works(site)
    machine.run("gatehouse site localhost")
    assert_works(site)
    machine.run("apt-get purge -y gatehouse")
    assert machine.run("find /etc -name '*gatehouse*' -not -path '/etc/ssl/*'") == ""
