"""The manual's commands for a second site give nginx a configuration that it accepts."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from harness.backend import ROOT
from harness.certificates import Authority
from harness.nginx import SHIPPED

MANUAL = (ROOT / "docs/manual.md").read_text()
(SECTION,) = re.findall(r"(?ms)^## A second site$(.*?)^## ", MANUAL)
(COMMANDS,) = re.findall(r"(?ms)^```sh$([^`]*sites-enabled[^`]*)^```$", SECTION)

MAIN = """\
pid {etc}/pid;
error_log stderr;
events {{}}
http {{
    include /etc/nginx/mime.types;
    include {etc}/nginx/sites-enabled/*;
}}
"""


def lay_out(etc: Path, authority: Authority, names: list[str]) -> None:
    """Creates nginx's folders as the package leaves them, with certificates for all sites."""
    for folder in "nginx/sites-available", "nginx/sites-enabled", "ssl/certs", "ssl/private", "log":
        (etc / folder).mkdir(parents=True)
    shutil.copytree(SHIPPED / "gatehouse", etc / "nginx/gatehouse")
    shutil.copy(SHIPPED / "gatehouse.conf", etc / "nginx/sites-available/gatehouse")
    for name in "gatehouse", *names:
        shutil.copy(authority.server_certificate, etc / f"ssl/certs/{name}.pem")
        shutil.copy(authority.server_key, etc / f"ssl/private/{name}.key")
    # Other ports and folders than those of the machine that runs the tests.
    for file in (etc / "nginx/gatehouse/settings").iterdir():
        text = re.sub(r"(?m)^( *)listen .*?(?:443|80)\b( ssl)?.*;", rf"\1listen unix:{etc}/\2;",
                      file.read_text(), count=1)
        text = re.sub(r"(?m)^ *listen \[.*", "", text)
        text = text.replace(f"{etc}/ ssl;", f"{etc}/https ssl;").replace(f"{etc}/;", f"{etc}/http;")
        text = text.replace("/etc/ssl", f"{etc}/ssl").replace("/var/log/nginx", f"{etc}/log")
        file.write_text(text)
    (etc / "nginx/nginx.conf").write_text(MAIN.format(etc=etc))
    (etc / "nginx/sites-enabled/gatehouse").symlink_to("../sites-available/gatehouse")


def add_site(etc: Path, name: str) -> None:
    """Runs the commands of the manual for a site, except for the reload of nginx."""
    lines = COMMANDS.replace("sudo nginx -t && sudo systemctl reload nginx", "")
    lines = lines.replace("sudo ", "").replace("/etc/nginx", f"{etc}/nginx")
    subprocess.run(
        ["bash", "-euc", f"name={name} host={name.lower().replace('_', '-')}.example.com\n{lines}"],
        check=True)


def checked(etc: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["nginx", "-t", "-p", etc / "nginx", "-c", "nginx.conf", "-e", "stderr"],
        capture_output=True, text=True)


@pytest.mark.parametrize("names", [
    ["shop"], ["a"], ["Shop_2"], ["abcdefghijklmnopqrst"], ["shop", "blog", "x9"]])
def test_nginx_accepts_a_site_of_every_permitted_name(
    names: list[str], authority: Authority, tmp_path: Path
) -> None:
    etc = tmp_path / "etc"
    lay_out(etc, authority, names)
    for name in names:
        add_site(etc, name)

    done = checked(etc)

    assert done.returncode == 0, done.stderr
    for warning in re.findall(r"\[warn\].*", done.stderr):
        # The manual says what to do about this one.
        assert "variables_hash" in warning and "variables_hash_bucket_size 128;" in SECTION
    text = "".join(path.read_text() for path in (etc / "nginx" / names[0]).rglob("*.conf"))
    assert "gatehouse_" not in text and f"${names[0]}_client" in text


def test_a_name_that_the_manual_excludes_does_not_break_the_other_sites(
    authority: Authority, tmp_path: Path
) -> None:
    assert "A name begins with a letter" in SECTION
    etc = tmp_path / "etc"
    lay_out(etc, authority, ["7shop"])
    add_site(etc, "7shop")

    assert checked(etc).returncode == 0
