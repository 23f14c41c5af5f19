"""The administrator's commands, run while the server is running."""

import re
import stat

import pytest

from harness.backend import BASE_SETTINGS
from harness.client import Client
from harness.site import Site

ADDED = {"username": "added@example.com", "password": "Added@1234"}


def run(site: Site, *arguments: str, stdin: str = "") -> str:
    """Returns a command's output; fails unless the command exits with 0 and reports no error."""
    done = site.backend.command(*arguments, stdin=stdin)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def refused(site: Site, *arguments: str, stdin: str = "", status: int = 1) -> str:
    """Returns the error message of a command that must fail."""
    done = site.backend.command(*arguments, stdin=stdin)
    assert done.returncode == status, done
    return done.stderr


def log_in_status(client: Client, **credentials: str) -> int:
    return client.send_json("POST", "/api/auth/login", credentials).status


def test_an_added_account_can_log_in_with_its_role(fresh: Site, client: Client) -> None:
    run(fresh, "user", "add", ADDED["username"], "--role", "admin", stdin=ADDED["password"] + "\n")

    pair = client.log_in(**ADDED)

    answer = client.request("GET", "/api/auth/me", pair.bearer)
    assert answer.json == {"username": ADDED["username"], "role": "admin"}


def test_adding_an_account_follows_the_rules_of_signup(fresh: Site) -> None:
    for email, password, complaint in [
        ("john@example.com", "Passw0rd!", "exists"),
        ("JOHN@example.com", "Passw0rd!", "exists"),
        ("nobody", "Passw0rd!", "the e-mail address is not valid"),
        ("new@example.com", "short", "at least 8"),
        ("new@example.com", "Passw0rd!" + "é" * 40, "72 bytes"),
        ("new@example.com", "", "password"),
    ]:
        error = refused(fresh, "user", "add", email, stdin=password)
        assert complaint in error and error.count("\n") == 1, error
        assert not password or password not in error
    assert len(fresh.database.dump()["accounts"]) == 3


@pytest.mark.parametrize("email", ["admin@firma.de", "post@bäckerei.at", "a@b.museum"])
def test_the_operator_may_use_every_top_level_domain(
        email: str, fresh: Site, client: Client) -> None:
    answer = client.send_json(
        "POST", "/api/auth/signup", {"email": email, "password": ADDED["password"]})
    assert (answer.status, answer.json["errors"]) == (400, [
        "Please provide a valid email address",
        "Email addresses with this top-level domain are not accepted here"])

    run(fresh, "user", "add", email, stdin=ADDED["password"])

    client.log_in(email, ADDED["password"])


@pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
def test_a_byte_order_mark_is_not_part_of_a_password(
        ending: str, fresh: Site, client: Client) -> None:
    password = "Correct horse battery"
    done = fresh.backend.command(
        "user", "add", ADDED["username"], stdin=f"\ufeff{password}{ending}",
        settings={"GATEHOUSE_STRICT": "on"})
    assert done.returncode == 0, done

    client.log_in(ADDED["username"], password)


def test_an_unknown_role_is_a_usage_error(fresh: Site) -> None:
    assert "god" in refused(fresh, "user", "role", "john@example.com", "god", status=64)


def test_the_list_shows_every_account_and_no_hash(fresh: Site) -> None:
    run(fresh, "user", "disable", "mary@example.com")

    listed = run(fresh, "user", "list")

    rows = [line.split() for line in listed.splitlines()]
    assert [row[:4] for row in rows[-3:]] == [
        ["1", "john@example.com", "user", "enabled"],
        ["2", "mary@example.com", "user", "disabled"],
        ["3", "admin@example.com", "admin", "enabled"],
    ]
    assert "$2b$" not in listed


@pytest.mark.parametrize("command", ["disable", "remove"])
def test_a_disabled_or_removed_account_is_refused_on_the_next_request(
    command: str, fresh: Site, client: Client
) -> None:
    john = client.log_in("john@example.com", "John@123")
    mary = client.log_in("mary@example.com", "Mary@1234")
    assert client.request("GET", "/api/people", john.bearer).status == 200

    run(fresh, "user", command, "JOHN@example.com")

    assert client.request("GET", "/api/people", john.bearer).status == 403
    assert client.request("POST", "/api/auth/refresh", john.cookie).status == 400
    assert log_in_status(client, username="john@example.com", password="John@123") == 401
    assert client.request("GET", "/api/people", mary.bearer).status == 200


def test_an_enabled_account_can_log_in_again_but_its_old_session_stays_ended(
    fresh: Site, client: Client
) -> None:
    old = client.log_in("john@example.com", "John@123")
    run(fresh, "user", "disable", "john@example.com")
    run(fresh, "user", "enable", "john@example.com")

    client.log_in("john@example.com", "John@123")

    assert client.request("GET", "/api/auth/me", old.bearer).status == 403


def test_a_new_password_ends_the_sessions_of_the_old_one(fresh: Site, client: Client) -> None:
    old = client.log_in("john@example.com", "John@123")
    run(fresh, "user", "password", "john@example.com", stdin="Newer@1234\n")

    assert client.request("GET", "/api/auth/me", old.bearer).status == 403
    assert log_in_status(client, username="john@example.com", password="John@123") == 401
    client.log_in("john@example.com", "Newer@1234")


@pytest.mark.parametrize("arguments", [
    ("role", "ghost@example.com", "admin"), ("password", "ghost@example.com"),
    ("disable", "ghost@example.com"), ("enable", "ghost@example.com"),
    ("remove", "ghost@example.com")], ids=lambda arguments: arguments[0])
def test_an_unknown_account_is_an_error(arguments: tuple[str, ...], fresh: Site) -> None:
    before = fresh.database.dump()
    error = refused(fresh, "user", *arguments, stdin="Newer@1234\n")
    assert "no account" in error and error.count("\n") == 1
    assert fresh.database.dump() == before


def test_a_person_added_by_command_can_be_read(fresh: Site, client: Client) -> None:
    run(fresh, "person", "add", "Ada", "Lovelace")
    john = client.log_in("john@example.com", "John@123")

    assert client.request("GET", "/api/people/3", john.bearer).json == {
        "id": 3, "firstName": "Ada", "lastName": "Lovelace"}


def test_check_masks_the_secret_and_shows_the_rest(fresh: Site) -> None:
    shown = run(fresh, "check")

    assert BASE_SETTINGS["JWT_SECRET"] not in shown
    assert re.search(r"JWT_SECRET\s+\(set, 32 bytes\)\s+environment", shown)
    assert re.search(r"JWT_EXPIRES_IN\s+\S*1m", shown)
    assert str(fresh.backend.database_path) in shown


BAD_SETTINGS = {
    "JWT_SECRET": "too short",
    "JWT_EXPIRES_IN": "2 days",
    "REFRESH_TOKEN_EXPIRES_IN": "0",
    "GATEHOUSE_REFRESH_WINDOW": "1m",
    "GATEHOUSE_SESSIONS_PER_ACCOUNT": "0",
    "GATEHOUSE_DATABASE": "postgres://localhost/gatehouse",
    "GATEHOUSE_LISTEN": "http://localhost",
    "GATEHOUSE_SOCKET_MODE": "0666",
    "GATEHOUSE_WORKERS": "0",
    "GATEHOUSE_HASHING_THREADS": "many",
    "GATEHOUSE_PASSWORD_SCHEME": "md5",
    "GATEHOUSE_PASSWORD_COST": "99",
    "GATEHOUSE_EMAIL_DOMAINS": "not a domain",
    "GATEHOUSE_ALLOWED_ORIGINS": "https://app.example.com/path",
    "GATEHOUSE_LOG_LEVEL": "loud",
    "GATEHOUSE_WROKERS": "2",
}


@pytest.mark.parametrize("name", BAD_SETTINGS)
def test_a_bad_setting_stops_the_start_and_is_named_in_one_line(name: str, fresh: Site) -> None:
    done = fresh.backend.command("serve", settings={name: BAD_SETTINGS[name]})
    checked = fresh.backend.command("check", settings={name: BAD_SETTINGS[name]})

    lines = done.stderr.strip().splitlines()
    assert done.returncode == 1 and len(lines) == 1 and name in lines[0], done
    assert checked.returncode == 1 and name in checked.stdout + checked.stderr
    if name == "JWT_SECRET":
        assert BAD_SETTINGS[name] not in done.stderr + checked.stdout + checked.stderr


@pytest.mark.parametrize("secret", [BASE_SETTINGS["JWT_SECRET"], " " * 32, "a" * 32, "secret" * 6])
def test_a_secret_that_anyone_can_guess_stops_the_start_outside_of_development(
        secret: str, fresh: Site) -> None:
    settings = {"JWT_SECRET": secret, "NODE_ENV": "production"}
    done = fresh.backend.command("serve", settings=settings)
    checked = fresh.backend.command("check", settings=settings | {"NODE_ENV": "development"})

    assert done.returncode == 1 and done.stderr.count("\n") == 1, done
    assert done.stderr.startswith("JWT_SECRET: ") and secret not in done.stderr
    assert checked.returncode == 0 and "warning: JWT_SECRET: " in checked.stdout


def test_an_absent_secret_stops_the_start(fresh: Site) -> None:
    done = fresh.backend.command("serve", settings={"JWT_SECRET": None})

    assert done.returncode == 1 and "JWT_SECRET" in done.stderr, done


def test_the_secret_may_come_from_a_file(fresh: Site, site_for) -> None:
    secret = fresh.directory / "secret"
    secret.write_text("another-very-secure-secret-here!\n")
    by_file = {"JWT_SECRET": None, "JWT_SECRET_FILE": str(secret)}

    shown = fresh.backend.command("check", settings=by_file)

    assert shown.returncode == 0, shown
    assert re.search(r"\(set, 32 bytes\)\s+file", shown.stdout)


def test_the_database_is_for_its_owner_only(fresh: Site) -> None:
    path = fresh.backend.database_path
    for file in path.parent.glob(path.name + "*"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file


def test_other_users_have_no_access_to_the_socket(fresh: Site) -> None:
    assert stat.S_IMODE(fresh.backend.socket_path.stat().st_mode) == 0o660


@pytest.mark.parametrize("arguments", [
    ("user", "list"), ("session", "list", "john@example.com"), ("events",),
    ("person", "add", "Ada", "Lovelace"), ("backup", "copy-by-file"),
    ("import", "--people", "-", "--format", "csv"),
], ids=lambda arguments: arguments[0])
def test_every_command_reads_the_database_path_from_the_settings_file(
        arguments: tuple[str, ...], fresh: Site) -> None:
    file = fresh.directory / "settings-of-commands"
    file.write_text(f"GATEHOUSE_DATABASE={fresh.backend.database_path}\n")

    by_file = {"GATEHOUSE_DATABASE": None, "GATEHOUSE_SETTINGS": str(file)}
    done = fresh.backend.command(
        *arguments, stdin="id,firstName,lastName\n900,Ada,Lovelace\n", settings=by_file)
    assert (done.returncode, done.stderr) == (0, "")

    file.write_text("GATEHOUSE_DATABASE=/nonexistent/gatehouse.db\n")
    done = fresh.backend.command(*arguments, stdin="id,firstName,lastName\n", settings=by_file)
    assert done.returncode == 1 and "/nonexistent/gatehouse.db" in done.stderr
