"""`gatehouse site` makes a working site of what the package leaves, or changes nothing."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from harness import packaged_system
from harness.backend import ROOT, binary
from harness.certificates import Authority
from harness.packaged_system import PackagedSystem

HOST = "www.example.com"

pytestmark = pytest.mark.skipif(
    not packaged_system.is_possible(), reason="needs root, and namespaces for mounts and networks")


@pytest.fixture
def system(authority: Authority, tmp_path: Path) -> Iterator[PackagedSystem]:
    # Only root may enter pytest's folder, but nginx reads the page in it.
    for folder in tmp_path.parents[:3]:
        folder.chmod(folder.stat().st_mode | 0o011)
    with PackagedSystem(tmp_path / "system", authority) as system:
        system.configure()
        yield system


def added(system: PackagedSystem, before: dict) -> set[str]:
    """The files that are new or changed."""
    now = system.state()
    assert before.keys() <= now.keys()
    return {path for path, content in now.items() if before.get(path) != content}


def fetch(system: PackagedSystem, url: str, *options: str) -> str:
    host = re.sub(r"^https?://([^/:]+).*", r"\1", url)
    return system.run(
        f"curl -sS -i --noproxy '*' --cacert {system.authority.certificate}"
        f" --connect-to {host}::127.0.0.1: {' '.join(options)} {url}")


def test_the_printed_command_is_enough_for_a_site_that_nginx_serves(
    system: PackagedSystem
) -> None:
    system.certify(HOST)
    (command,) = re.findall(r"(?m)^     sudo (gatehouse site .*)$", system.configure())
    before = system.state()

    done = system.site(command.removeprefix("gatehouse site "))

    assert done.returncode == 0, done.stderr
    assert added(system, before) == {
        "nginx/gatehouse/settings/site.conf", "nginx/sites-enabled/gatehouse"}
    assert "sudo systemctl reload nginx\n" in done.stdout
    assert done.stdout.endswith("sudo gatehouse doctor\n")
    system.run("nginx")
    page = fetch(system, f"https://{HOST}/", "-H 'Accept: text/html'")
    assert page.startswith("HTTP/2 200") and "<html" in page
    plain = fetch(system, f"http://{HOST}/people?x=1")
    assert plain.startswith("HTTP/1.1 308") and f"\nLocation: https://{HOST}/people?x=1" in plain


def test_no_file_that_the_command_writes_belongs_to_the_package(system: PackagedSystem) -> None:
    system.certify(HOST)
    before = system.state()
    assert system.site(HOST).returncode == 0
    system.certify("shop.example.com", "shop")
    assert system.site("shop.example.com --name shop").returncode == 0
    packaged = {f"nginx/sites-available/{name}" for name in ("gatehouse", "gatehouse-metrics.conf")}
    for file in (ROOT / "nginx/gatehouse").rglob("*.conf"):
        path = file.relative_to(ROOT / "nginx/gatehouse")
        if path.parts[0] != "settings":
            packaged.add(f"nginx/gatehouse/{path}")
    assert added(system, before) and not added(system, before) & packaged


def test_the_same_arguments_change_nothing(system: PackagedSystem) -> None:
    system.certify(HOST)
    for arguments in HOST, f"{HOST} --name 7shop":
        system.certify(HOST, "7shop")
        assert system.site(arguments).returncode == 0
        before = system.state()
        times = [path.stat().st_mtime_ns for path in sorted(system.nginx.rglob("*"))]
        done = system.site(arguments)
        assert done.returncode == 0 and "Nothing had to be changed" in done.stdout
        assert system.state() == before
        assert [path.stat().st_mtime_ns for path in sorted(system.nginx.rglob("*"))] == times


def test_other_arguments_keep_what_an_administrator_wrote(system: PackagedSystem) -> None:
    system.certify(HOST)
    assert system.site(HOST).returncode == 0
    listen = system.settings / "listen.conf"
    listen.write_text(listen.read_text() + "server_name example.com;\nclient_max_body_size 8k;\n")
    defaults = system.nginx / "gatehouse/server/limits.conf"
    defaults.write_text(re.sub(r"client_max_body_size .*", "", defaults.read_text()))
    (system.settings / "redirect.conf").unlink()
    system.certify("new.example.com")
    page = system.etc / "page"
    page.mkdir()
    (page / "index.html").write_text("mine")
    before = system.state()

    done = system.site("new.example.com --root /etc/page/")

    assert done.returncode == 0, done.stderr
    assert added(system, before) == {"nginx/gatehouse/settings/site.conf"}
    text = (system.settings / "site.conf").read_text()
    assert "server_name new.example.com;" in text and "root /etc/page;" in text
    # What is not given stays.
    assert system.site("new.example.com").returncode == 0
    assert (system.settings / "site.conf").read_text() == text


def test_the_certificate_of_certbot_is_found(system: PackagedSystem) -> None:
    system.certify("old.example.com")
    folder = system.certify_by_certbot("xn--bcher-kva.example")
    done = system.site("Bücher.example")
    assert done.returncode == 0, done.stderr
    text = (system.settings / "site.conf").read_text()
    assert "server_name xn--bcher-kva.example;" in text
    assert f"ssl_certificate /{folder.relative_to(system.tree)}/fullchain.pem;" in text
    assert f"ssl_certificate_key /{folder.relative_to(system.tree)}/privkey.pem;" in text


def test_the_present_certificate_stays_when_certbot_has_one_as_well(
    system: PackagedSystem
) -> None:
    system.certify(HOST, "bought")
    pair = "--certificate /etc/ssl/certs/bought.pem --key /etc/ssl/private/bought.key"
    assert system.site(f"{HOST} {pair}").returncode == 0
    system.certify_by_certbot(HOST)

    assert "Nothing had to be changed" in system.site(HOST).stdout

    system.certify_by_certbot("new.example.com")
    assert system.site("new.example.com").returncode == 0
    assert "/live/new.example.com/privkey.pem;" in (system.settings / "site.conf").read_text()


def test_a_site_that_failed_at_first_gets_all_its_settings_the_next_time(
    system: PackagedSystem
) -> None:
    system.certify(HOST, "shop")
    mistake = system.nginx / "conf.d/mine.conf"
    mistake.write_text("sever {}\n")
    assert system.site(f"{HOST} --name shop").returncode == 1
    assert not (system.nginx / "gatehouse@shop").exists()
    mistake.unlink()
    # A killed process leaves folders.
    (system.nginx / "gatehouse@shop/settings").mkdir(parents=True)

    assert system.site(f"{HOST} --name shop").returncode == 0

    shop = {path.name for path in (system.nginx / "gatehouse@shop/settings").iterdir()}
    assert shop == {path.name for path in system.settings.iterdir()} | {"site.conf"}


@pytest.mark.parametrize("signal", ["INT", "TERM", "HUP"])
def test_a_signal_during_the_test_leaves_no_file_unchecked(
    signal: str, system: PackagedSystem
) -> None:
    system.certify(HOST)
    (system.nginx / "conf.d/mine.conf").write_text("sever {}\n")
    nginx = system.tree / "bin/nginx"
    nginx.parent.mkdir()
    nginx.write_text(f'#!/bin/sh\nkill -{signal} $PPID $$\nexec /usr/sbin/nginx "$@"\n')
    nginx.chmod(0o755)
    before = system.state()
    assert system.site(HOST).returncode != 0
    assert system.state() == before


def no_certificate(system: PackagedSystem) -> str:
    return HOST


def another_host(system: PackagedSystem) -> str:
    system.certify("other.example.com")
    return HOST


def another_key(system: PackagedSystem) -> str:
    system.certify(HOST)
    system.run("openssl ecparam -genkey -name prime256v1 -out /etc/ssl/private/gatehouse.key")
    return HOST


def an_encrypted_key(system: PackagedSystem) -> str:
    system.certify(HOST)
    system.run("openssl ec -aes128 -passout pass:secret -in /etc/ssl/private/gatehouse.key"
               " -out /etc/ssl/private/closed.key")
    return f"{HOST} --certificate /etc/ssl/certs/gatehouse.pem --key /etc/ssl/private/closed.key"


def an_expired_certificate(system: PackagedSystem) -> str:
    system.certify(HOST)
    old = system.authority.sign("old", HOST, 1, ("faketime", "3 days ago"))
    (system.etc / "ssl/certs/gatehouse.pem").write_bytes(old.read_bytes())
    return HOST


def no_pem(system: PackagedSystem) -> str:
    system.certify(HOST)
    system.run("openssl x509 -in /etc/ssl/certs/gatehouse.pem -outform DER -out /etc/c.der")
    return f"{HOST} --certificate /etc/c.der --key /etc/ssl/private/gatehouse.key"


def no_file(system: PackagedSystem) -> str:
    return f"{HOST} --certificate /etc/none.pem --key /etc/none.key"


def no_key(system: PackagedSystem) -> str:
    return f"{HOST} --certificate /etc/none.pem"


def a_relative_certificate(system: PackagedSystem) -> str:
    system.certify(HOST)
    return f"{HOST} --certificate etc/ssl/certs/gatehouse.pem --key etc/ssl/private/gatehouse.key"


def a_file_in_place_of_the_link(system: PackagedSystem) -> str:
    system.certify(HOST)
    (system.nginx / "sites-enabled/gatehouse").write_text("# a copy\n")
    return HOST


def a_file_that_cannot_be_written(system: PackagedSystem) -> str:
    a_mistake_of_another_site(system)
    (system.settings / "site.conf.new").mkdir()
    return HOST


def no_page(system: PackagedSystem) -> str:
    system.certify(HOST)
    return f"{HOST} --root /etc/ssl"


def a_page_that_nginx_may_not_read(system: PackagedSystem) -> str:
    system.certify(HOST)
    system.run("install -d -m 700 /etc/closed && install -m 644 /dev/null /etc/closed/index.html")
    return f"{HOST} --root /etc/closed"


def a_page_behind_a_link_to_a_closed_folder(system: PackagedSystem) -> str:
    a_page_that_nginx_may_not_read(system)
    system.run("install -d /etc/inner && ln -s /etc/closed/index.html /etc/inner/index.html")
    return f"{HOST} --root /etc/inner"


def a_page_that_another_user_of_nginx_may_not_read(system: PackagedSystem) -> str:
    system.certify(HOST)
    main = system.nginx / "nginx.conf"
    main.write_text(main.read_text().replace("user www-data;", "user nobody nogroup;"))
    system.run("install -d -m 750 -g www-data /etc/closed"
               " && install -m 644 /dev/null /etc/closed/index.html")
    return f"{HOST} --root /etc/closed"


def a_relative_root(system: PackagedSystem) -> str:
    system.certify(HOST)
    return f"{HOST} --root page"


def a_url(system: PackagedSystem) -> str:
    return f"https://{HOST}/"


def a_bad_name(system: PackagedSystem) -> str:
    return f"{HOST} --name my-shop"


def a_mistake_of_another_site(system: PackagedSystem) -> str:
    system.certify(HOST)
    (system.nginx / "conf.d/mine.conf").write_text("sever {}\n")
    return HOST


def a_setting_that_is_given_twice(system: PackagedSystem) -> str:
    system.certify(HOST)
    listen = system.settings / "listen.conf"
    listen.write_text(listen.read_text() + "sendfile on; sendfile on;\n")
    return HOST


def several_names_from_before_the_command(system: PackagedSystem) -> str:
    system.certify(HOST)
    listen = system.settings / "listen.conf"
    listen.write_text(listen.read_text() + f"server_name {HOST} example.com;\n")
    return HOST


@pytest.mark.parametrize("mistake, message", [
    (no_certificate, f"certbot certonly --webroot --webroot-path /var/www/html --domain {HOST}"),
    (another_host, f"is not valid for {HOST}"),
    (another_key, "does not belong to the certificate"),
    (an_encrypted_key, "is encrypted"),
    (an_expired_certificate, "expired on"),
    (no_pem, "/etc/c.der is not a certificate in PEM format"),
    (no_file, "the certificate /etc/none.pem does not exist"),
    (no_key, "give both --certificate and --key"),
    (a_relative_certificate, "is not an absolute path"),
    (a_file_in_place_of_the_link, "sites-enabled/gatehouse is not a link to"),
    (a_file_that_cannot_be_written, "cannot be written"),
    (no_page, "/etc/ssl has no index.html"),
    (a_page_that_nginx_may_not_read, "chmod o+x /etc/closed"),
    (a_page_behind_a_link_to_a_closed_folder, "chmod o+x /etc/closed"),
    (a_page_that_another_user_of_nginx_may_not_read, "nginx runs as nobody"),
    (a_relative_root, "is not an absolute path"),
    (a_url, f"is a URL, not a host name; write {HOST}"),
    (a_bad_name, "is not the name of a site"),
    (a_mistake_of_another_site, "nginx rejected its configuration before as well"),
    (a_setting_that_is_given_twice, '"sendfile" directive is duplicate'),
    (several_names_from_before_the_command, "has several values for server_name"),
])
def test_a_mistake_changes_nothing_and_is_explained(
    mistake: Callable[[PackagedSystem], str], message: str, system: PackagedSystem
) -> None:
    arguments = mistake(system)
    before = system.state()
    done = system.site(arguments)
    assert done.returncode in (1, 64), done
    assert message in done.stderr
    is_others = mistake is a_mistake_of_another_site
    assert ("before as well" in done.stderr) == is_others
    assert done.stdout == ""
    assert system.state() == before


def test_a_user_other_than_root_is_told_to_use_sudo(system: PackagedSystem) -> None:
    done = system.attempt(
        f"setpriv --reuid 65534 --regid 65534 --clear-groups {binary()} site {HOST}")
    # The tests may be in a folder that only root can enter.
    assert done.returncode != 0
    if "Permission denied" not in done.stderr:
        assert "run the command with sudo" in done.stderr


def test_settings_from_before_the_command_move_into_its_file(system: PackagedSystem) -> None:
    system.certify_by_certbot(HOST)
    listen, redirect = system.settings / "listen.conf", system.settings / "redirect.conf"
    listen.write_text(
        listen.read_text() + "gzip_static on;\n"
        f"server_name {HOST};\n"
        "ssl_certificate     /etc/ssl/certs/gatehouse.pem;\n"
        "ssl_certificate_key /etc/ssl/private/gatehouse.key;\n"
        "root /etc/page;\n")
    redirect.write_text(redirect.read_text().replace(
        "include gatehouse/settings/site.conf;", f"server_name {HOST};"))
    (system.nginx / "sites-enabled/gatehouse").symlink_to("../sites-available/gatehouse")
    system.certify(HOST)
    system.run("install -d /etc/page && echo mine >/etc/page/index.html && nginx -t")

    done = system.site(HOST)

    assert done.returncode == 0, done.stderr
    assert "root /etc/page;" in (system.settings / "site.conf").read_text()
    assert "\ngzip_static on;" in listen.read_text()
    assert "    include gatehouse/settings/site.conf;" in redirect.read_text()
    assert "Nothing had to be changed" in system.site(HOST).stdout


@pytest.mark.parametrize("names", [
    ["shop"], ["a"], ["Shop_2"], ["abcdefghijklmnopqrst"], ["7shop"], ["http"],
    ["shop", "blog", "9x"]])
def test_a_further_site_of_every_permitted_name_is_served_beside_the_first(
    names: list[str], system: PackagedSystem
) -> None:
    system.certify(HOST)
    assert system.site(HOST).returncode == 0
    for name in names:
        host = f"{name.lower().replace('_', '-')}.example.com"
        system.certify(host, name)
        done = system.site(f"{host} --name {name}")
        assert done.returncode == 0, done.stderr
        for warning in re.findall(r"nginx warns: (.*)", done.stdout):
            # The manual says what to do about this one.
            assert "variables_hash" in warning
        assert f"gatehouse@{name}.socket" in done.stdout
        secret = system.etc / f"gatehouse/jwt-secret@{name}"
        assert secret.stat().st_mode & 0o777 == 0o600 and len(secret.read_text()) == 64
        environment = (system.etc / f"default/gatehouse@{name}").read_text()
        assert f"\nGATEHOUSE_DATABASE=/var/lib/gatehouse@{name}/gatehouse.db\n" in environment
        copied = "".join(
            path.read_text() for path in (system.nginx / f"gatehouse@{name}").rglob("*.conf"))
        assert "gatehouse_" not in copied and f"$_{name}_client" in copied
        assert f"unix:/run/gatehouse@{name}/gatehouse.sock;" in copied
    system.run("nginx")
    for host in HOST, f"{names[0].lower().replace('_', '-')}.example.com":
        assert "<html" in fetch(system, f"https://{host}/", "-H 'Accept: text/html'")
        assert f"https://{host}/x" in fetch(system, f"http://{host}/x")


def test_a_further_site_follows_the_package_and_keeps_its_settings(
    system: PackagedSystem
) -> None:
    system.certify("shop.example.com", "shop")
    assert system.site("shop.example.com --name shop").returncode == 0
    folder = system.nginx / "gatehouse@shop"
    rates = folder / "settings/rates.conf"
    rates.write_text(rates.read_text().replace("rate=1r/s", "rate=2r/s"))
    mine = folder / "server/mine.conf"
    mine.write_text("# of an administrator\n")
    secret = (system.etc / "gatehouse/jwt-secret@shop").read_text()
    # A new version of the package changes a file, adds one and removes one.
    server = system.nginx / "gatehouse/server"
    (server / "tls.conf").write_text((server / "tls.conf").read_text() + "ssl_buffer_size 8k;\n")
    (server / "new.conf").write_text("# gatehouse_new\n")
    (server / "defaults.conf").unlink()

    done = system.site("shop.example.com --name shop")

    assert done.returncode == 0, done.stderr
    assert "ssl_buffer_size 8k;" in (folder / "server/tls.conf").read_text()
    assert "# _shop_new" in (folder / "server/new.conf").read_text()
    assert not (folder / "server/defaults.conf").exists() and mine.exists()
    assert "rate=2r/s" in rates.read_text()
    assert (system.etc / "gatehouse/jwt-secret@shop").read_text() == secret


def test_an_upgrade_copies_missing_settings_and_overwrites_none(system: PackagedSystem) -> None:
    system.certify(HOST)
    assert system.site(HOST).returncode == 0
    (system.settings / "rates.conf").write_text("# mine\n")
    (system.settings / "redirect.conf").unlink()
    (system.settings / "hsts.conf").unlink()
    (system.etc / "default/gatehouse").write_text("GATEHOUSE_STRICT=on\n")
    for template in (system.tree / "share/gatehouse/nginx/settings").iterdir():
        template.write_text(template.read_text() + "# new\n")
    before = system.state()

    system.configure("1.0.0")

    assert added(system, before) == {"nginx/gatehouse/settings/hsts.conf"}
    assert (system.settings / "hsts.conf").read_text().endswith("# new\n")


def test_a_purge_removes_what_the_package_and_the_command_have_written(
    system: PackagedSystem
) -> None:
    for host, name in (HOST, ""), ("shop.example.com", "shop"):
        system.certify(host, name or "gatehouse")
        assert system.site(f"{host} {f'--name {name}' if name else ''}").returncode == 0
    # dpkg removes the files that it has installed, before it runs the script.
    system.run("rm -r /etc/nginx/gatehouse/http /etc/nginx/gatehouse/server"
               " /etc/nginx/gatehouse/*.conf /etc/nginx/sites-available/gatehouse")

    system.run(f"sh {ROOT}/debian/gatehouse.postrm purge")

    assert not [path for path in system.state() if "gatehouse" in path]
    system.run("nginx -t")
