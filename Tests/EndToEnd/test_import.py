"""The import of accounts and people of the old backend, as SQL Server exports them."""

import json
import os
import pty
import sqlite3
import subprocess
from pathlib import Path

import pytest
from harness import log_leaks
from harness.backend import binary
from harness.client import Client, Tokens
from harness.database import ACCOUNTS, JOHN_AT_COST_10
from harness.polling import until
from harness.scale import amount
from harness.site import Site

COUNT = amount("IMPORTED", 10_000, 100_000)

HASH = ACCOUNTS[0][3]
PASSWORD = ACCOUNTS[0][2]
NEWCOMERS = [
    ("Old.Style@example.de", HASH.replace("$2b$", "$2a$"), "user"),
    ("newer@example.com", HASH, "Admin"),
    ("php@bücher.museum", HASH.replace("$2b$", "$2y$"), "USER"),
    ("usual@example.com", JOHN_AT_COST_10, "user"),
]
PEOPLE = [
    (7, "Ada", "Lovelace"), (3, "שלום", "Semi;colon, \"Quote\""), (4000, "NULL", "e\u0301")]

log_leaks.register(*(email for email, *_ in NEWCOMERS))


def start(site: Site, *arguments: str, **choices) -> subprocess.Popen:
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(
        [binary(), "import", *arguments], env=site.backend.environment, cwd=site.directory,
        **pipes | choices)


def run(site: Site, *arguments: str, stdin: bytes = b"") -> tuple[int, str, str]:
    """Runs an import and returns its exit status, output and errors.

    Neither output nor errors may contain an address or a password.
    """
    process = start(site, *arguments, stdin=subprocess.PIPE)
    output, errors = process.communicate(stdin, timeout=300)
    for secret in (b"@example", b"$2", b"Passw0rd", "bücher".encode()):
        assert secret not in output + errors
    return process.returncode, output.decode(), errors.decode()


def imported(site: Site, *arguments: str, stdin: bytes = b"") -> str:
    status, output, errors = run(site, *arguments, stdin=stdin)
    assert (status, errors) == (0, "")
    return output


def refused(site: Site, *arguments: str, stdin: bytes = b"") -> list[str]:
    """Runs an import that must fail without changing the database, and returns its errors."""
    before = site.database.dump()
    status, output, errors = run(site, *arguments, stdin=stdin)
    assert (status, output) == (1, "") and site.database.dump() == before
    return errors.splitlines()


def quoted(value: object) -> str:
    return '"' + str(value).replace('"', '""') + '"'


def users_csv(rows=NEWCOMERS, separator: str = ",") -> str:
    lines = [["id", "email", "password", "role", "refreshToken", "createdAt", "updatedAt"]]
    lines += [
        [str(number), quoted(email), quoted(password_hash), role, "NULL",
         "2024-01-31 12:00:00.1230000 +00:00", "2024-02-01 12:00:00.0000000 +00:00"]
        for number, (email, password_hash, role) in enumerate(rows, 100)]
    return "".join(separator.join(line) + "\r\n" for line in lines)


def people_csv(rows=PEOPLE, separator: str = ",") -> str:
    lines = [["id", "firstName", "lastName"]]
    lines += [[str(number), quoted(first), quoted(last)] for number, first, last in rows]
    return "".join(separator.join(line) + "\r\n" for line in lines)


def crowd(site: Site, bad_line: int | None = None) -> tuple[str, ...]:
    """Writes files of COUNT accounts and people, and returns the arguments that import them.

    The bad line has a password in plain text.
    """
    rows = [(f"crowd-{number}@example.com", HASH, "user") for number in range(COUNT)]
    if bad_line:
        rows[bad_line - 2] = (rows[bad_line - 2][0], "Passw0rd!", "user")
    (site.directory / "users.csv").write_text(users_csv(rows), newline="")
    (site.directory / "people.csv").write_text(
        people_csv([(100 + n, f"Given{n * 7919 % COUNT}", f"Family{n}") for n in range(COUNT)]),
        newline="")
    return "--users", "users.csv", "--people", "people.csv"


def is_locked(path: Path) -> bool:
    """Returns whether another process is writing to the database."""
    probe = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        probe.execute("BEGIN IMMEDIATE")
        probe.execute("ROLLBACK")
        return False
    except sqlite3.OperationalError as error:
        return "locked" in str(error)
    finally:
        probe.close()


def test_imported_people_keep_their_passwords_roles_and_ids(
    fresh: Site, client: Client, pair: Tokens
) -> None:
    fresh.database.execute("DELETE FROM people")
    (fresh.directory / "users.csv").write_text(users_csv(), "utf-8-sig", newline="")
    (fresh.directory / "people.csv").write_text(people_csv(), "utf-8-sig", newline="")

    output = imported(fresh, "--users", "users.csv", "--people", "people.csv")

    assert output == "Imported 4 accounts and 3 people.\n"
    for email, _, role in NEWCOMERS:
        tokens = client.log_in(email, PASSWORD)
        me = client.request("GET", "/api/auth/me", tokens.bearer)
        assert me.json == {"username": email, "role": role.lower()}
        wrong = {"username": email, "password": PASSWORD + "x"}
        assert client.send_json("POST", "/api/auth/login", wrong).status == 401
    listed = client.request("GET", "/api/people", pair.bearer).json
    assert [tuple(row.values()) for row in listed] == sorted(PEOPLE)
    paged = client.request("GET", "/api/people?limit=10", pair.bearer).json
    assert sorted(row["id"] for row in paged) == sorted(row[0] for row in PEOPLE)

    renamed = client.send_json("PUT", "/api/people/3", {"firstName": "Grace"}, pair.bearer)
    assert renamed.status == 204
    assert client.request("GET", "/api/people/3", pair.bearer).json["firstName"] == "Grace"
    added = client.send_json(
        "POST", "/api/people", {"firstName": "Alan", "lastName": "Turing"}, pair.bearer)
    assert added.json["id"] == 4001
    events = fresh.database.execute("SELECT detail FROM events WHERE kind = 'imported'")
    assert events == [("user",), ("admin",)] + [("user",)] * 2
    together = fresh.database.execute("SELECT detail FROM events WHERE kind = 'added'")
    assert together == [("4 accounts, imported",)]


def as_json(rows: list[dict]) -> str:
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


USERS_JSON = as_json([
    {"email": email, "password": password_hash, "role": role, "disabled": number == 0}
    for number, (email, password_hash, role) in enumerate(NEWCOMERS)])

EXPORTS = {
    "UTF-16 with semicolons": (users_csv(separator=";").encode("utf-16"), "csv"),
    "UTF-16 without a mark, with tabs": (users_csv(separator="\t").encode("utf-16-le"), "csv"),
    "LF alone": (users_csv().replace("\r\n", "\n").encode(), "csv"),
    "JSON": (USERS_JSON.encode(), "json"),
    "JSON in UTF-16": (USERS_JSON.encode("utf-16"), "json"),
    "JSON cut into lines": (
        "\r\n".join(USERS_JSON[at:at + 61] for at in range(0, len(USERS_JSON), 61)).encode(),
        "json"),
    "an object a line": (
        "\n".join(as_json(row) for row in json.loads(USERS_JSON)).encode(), "json"),
}


@pytest.mark.parametrize("export", EXPORTS)
def test_exports_of_sql_server_are_read(
    export: str, fresh: Site, client: Client
) -> None:
    content, form = EXPORTS[export]

    output = imported(fresh, "--users", "-", "--format", form, stdin=content)

    assert output == "Imported 4 accounts.\n"
    rows = fresh.database.execute(
        "SELECT email, password_hash, role, is_disabled FROM accounts WHERE id > 3")
    is_json = form == "json"
    assert rows == [
        (email, password_hash, role.lower(), int(is_json and number == 0))
        for number, (email, password_hash, role) in enumerate(NEWCOMERS)]


def test_one_bad_line_is_reported_and_nothing_is_imported(fresh: Site) -> None:
    middle = COUNT // 2

    errors = refused(fresh, *crowd(fresh, bad_line=middle))

    assert errors == [
        f"users.csv: line {middle}: password: is not a password hash; a password in plain text is "
        "never imported",
        "gatehouse: nothing was imported"]


def test_the_site_can_be_used_during_a_large_import(
    fresh: Site, client: Client, pair: Tokens
) -> None:
    importing = start(fresh, *crowd(fresh))
    until(lambda: is_locked(fresh.database.path), "the import writes", within=120)

    # Reads succeed; writes wait for the import, or get a 503.
    assert client.request("GET", "/api/people/1", pair.bearer).status == 200
    john = {"username": "john@example.com", "password": "John@123"}
    answers: list[int] = []
    until(lambda: answers.append(client.send_json("POST", "/api/auth/login", john).status)
          or answers[-1] == 200, "John logs in", within=120)
    assert set(answers) <= {200, 503}
    output, errors = importing.communicate(timeout=300)

    assert (importing.returncode, errors) == (0, b"")
    assert output.decode() == f"Imported {COUNT} accounts and {COUNT} people.\n"
    count = fresh.database.execute("SELECT count(*) FROM people_by_name")
    assert count == [(2 * COUNT + 4,)]
    last = client.request("GET", f"/api/people?q=family{COUNT - 1}&limit=1", pair.bearer)
    assert last.json[0]["id"] == 99 + COUNT


def test_a_dry_run_reports_what_would_be_imported_and_changes_nothing(fresh: Site) -> None:
    arguments = crowd(fresh)
    before = fresh.database.dump()

    output = imported(fresh, *arguments, "--dry-run")

    assert output == (
        f"Would import {COUNT} accounts and {COUNT} people; nothing has changed.\n")
    assert fresh.database.dump() == before


def test_a_dry_run_creates_no_database(fresh: Site) -> None:
    missing = fresh.directory / "missing.db"
    done = fresh.backend.command(
        "import", "--users", "-", "--format", "csv", "--dry-run", stdin=users_csv(),
        settings={"GATEHOUSE_DATABASE": str(missing)})
    assert done.returncode == 0 and not missing.exists()

    done = fresh.backend.command(
        "import", "--users", "-", "--format", "csv", stdin="email\n",
        settings={"GATEHOUSE_DATABASE": str(missing)})
    assert done.returncode == 1 and not missing.exists()


def test_an_import_that_is_killed_while_writing_imports_nothing(fresh: Site) -> None:
    arguments = crowd(fresh)
    before = fresh.database.dump()
    importing = start(fresh, *arguments)
    until(lambda: is_locked(fresh.database.path), "the import writes", within=120)

    importing.kill()
    importing.communicate()

    assert importing.returncode == -9
    assert fresh.database.dump() == before and fresh.database.integrity() == []
    assert imported(fresh, *arguments) == f"Imported {COUNT} accounts and {COUNT} people.\n"
    assert fresh.database.integrity() == []


def test_duplicate_and_existing_records_are_reported(fresh: Site) -> None:
    (fresh.directory / "people.csv").write_text(
        people_csv([(9, "A", "B"), (2, "C", "D"), (9, "E", "F")]))
    rows = [NEWCOMERS[1], ("JOHN@example.com", HASH, "user"), ("NEWER@example.com", HASH, "user")]

    errors = refused(
        fresh, "--users", "-", "--format", "csv", "--people", "people.csv",
        stdin=users_csv(rows).encode())

    assert errors == [
        "standard input: line 4: email: the same address as in line 2",
        "people.csv: line 4: id: the same number as in line 2",
        "standard input: line 3: email: an account with this address exists",
        "people.csv: line 3: id: a person with this number exists",
        "gatehouse: nothing was imported"]


def test_only_the_first_of_many_bad_lines_are_reported(fresh: Site) -> None:
    rows = [(f"nobody{number}", "Passw0rd!", "user") for number in range(1000)]

    errors = refused(
        fresh, "--users", "-", "--format", "csv", stdin=users_csv(rows).encode())

    assert len(errors) == 22 and errors[20] == "and 1980 more"
    assert errors[2] == (
        "standard input: line 3: email: the e-mail address is not valid; write name@domain.tld")


@pytest.mark.parametrize(("content", "message"), [
    (b"", "line 1: the first line must name the columns"),
    ("email,password,role\nJos\u00e9@example.com,x,user\n".encode("latin-1"), "export as UTF-8"),
    (b"email,password,role,shoe\n", "add --ignore shoe"),
    (b'email,password,role\n"a', "line 2: a quote is not closed"),
    (b"PK\x03\x04\x00\x00\x00\x00", "line 1: the first line must name"),
])
def test_a_file_that_is_not_an_export_is_refused_with_a_reason(
    content: bytes, message: str, fresh: Site
) -> None:
    errors = refused(fresh, "--users", "-", "--format", "csv", stdin=content)
    assert message in errors[0]


def test_an_expensive_hash_causes_a_warning(fresh: Site) -> None:
    rows = [("slow@example.com", JOHN_AT_COST_10.replace("$10$", "$16$"), "user"), NEWCOMERS[0]]

    status, output, warning = run(
        fresh, "--users", "-", "--format", "csv", stdin=users_csv(rows).encode())

    assert (status, output) == (0, "Imported 2 accounts.\n")
    assert warning.startswith("warning: accounts with a password hash of a cost above 15: 1;")


@pytest.mark.parametrize("password_hash", [
    HASH.replace("$04$", "$17$"), HASH.replace("$04$", "$31$"),
    "$y$jFT$LdJMENpBABJJ3hIHjB1Bi.$HboGM6qPrsK.StKYGt6KErmUYtioHreJd98oIugoNB6",
])
def test_a_hash_that_would_cost_too_much_at_each_login_is_refused_by_line(
    password_hash: str, fresh: Site
) -> None:
    rows = [NEWCOMERS[0], ("slow@example.com", password_hash, "user")]

    errors = refused(
        fresh, "--users", "-", "--format", "csv", stdin=users_csv(rows).encode())

    assert errors[0].startswith("standard input: line 3: password: ") and len(errors) == 2
    assert ("seconds" in errors[0]) == password_hash.startswith("$2b")
    assert ("raise GATEHOUSE_HASHING_MEMORY" in errors[0]) == password_hash.startswith("$y")


# Passwords of at most 70 characters, as the Express backend took them, with their hashes. All but
# the last have more than 72 bytes.
LONG_PASSWORDS = {
    "Passw0rd!" + "\u00e9" * 40:
        "$2b$04$.xTnSiE4.inEBrzxVkV4Pu4T2ZXN8ia8MIJfEEsH66Ge9XQLtkEMC",
    "Passw0rd!" + "\u0436" * 32:
        "$2b$04$.xTnSiE4.inEBrzxVkV4Pu2.uQSzFSbOZ4PuqrEgEGvSU9O/3x1Vu",
    "Passw0rd!" + "x" * 61:
        "$2b$04$.xTnSiE4.inEBrzxVkV4PuIFw7YXc7Tn/.5H8kQiUGoFifvFVfW4u",
}


@pytest.mark.parametrize("settings", [
    {}, {"GATEHOUSE_PASSWORD_COST": "5"},
    {"GATEHOUSE_PASSWORD_SCHEME": "yescrypt", "GATEHOUSE_PASSWORD_COST": "1"},
])
def test_a_password_that_bcrypt_cuts_off_keeps_working_and_is_not_hashed_again(
    settings: dict[str, str], site_for
) -> None:
    log_leaks.register(*LONG_PASSWORDS)
    rows = [
        (f"long{number}@example.com", password_hash, "user")
        for number, password_hash in enumerate(LONG_PASSWORDS.values())]
    log_leaks.register(*(email for email, *_ in rows))
    name = "long" + "-".join(settings.values())
    with site_for(name, settings) as site:
        imported(site, "--users", "-", "--format", "csv", stdin=users_csv(rows).encode())
        client = site.client()

        for _ in range(2):
            for (email, *_), password in zip(rows, LONG_PASSWORDS):
                client.log_in(email, password)
        wrong = {"username": rows[2][0], "password": "Passw0rd?" + "x" * 61}
        assert client.send_json("POST", "/api/auth/login", wrong).status == 401

        stored = site.database.execute(
            "SELECT password_hash FROM accounts WHERE email LIKE 'long%' ORDER BY id")
        hashes = [password_hash for (password_hash,) in stored]
        assert hashes[:2] == [password_hash for _, password_hash, _ in rows][:2]
        # The last was compared whole, so it may be replaced.
        assert (hashes[2] == rows[2][1]) == (not settings)


def test_a_hash_that_costs_too_much_delays_neither_logins_nor_the_end(site_for) -> None:
    """Whatever wrote the hash into the database."""
    costly = HASH.replace("$04$", "$31$")
    with site_for("costly") as site:
        site.database.execute("UPDATE accounts SET password_hash = ? WHERE id = 1", costly)
        client = site.client(timeout=10)

        john = {"username": "john@example.com", "password": PASSWORD}
        for _ in range(3):
            assert client.send_json("POST", "/api/auth/login", john).status == 401
        client.log_in("admin@example.com", "Admin@123")
        events = site.database.execute("SELECT detail FROM events WHERE kind = 'failed-login'")

        assert site.backend.stop(within=5) == 0
        assert events == [("the hash needs more time or memory than is allowed",)] * 3


def test_tables_as_sqlcmd_excel_and_powershell_write_them_are_read(fresh: Site) -> None:
    fresh.database.execute("DELETE FROM people")
    padded = (
        "id         ,firstName           ,lastName            \r\n"
        "-----------,--------------------,--------------------\r\n"
        "          7,Ada                 ,Lovelace            \r\n\r\n(1 rows affected)\r\n")
    excel = "sep=;\r\nid;firstName;lastName;\r\n3;Grace;Hopper;\r\n;;;\r\n"
    powershell = (
        '#TYPE System.Data.DataRow\r\n"id","firstName","lastName"\r\n"4","Alan","Turing"\r\n')
    rooted = json.dumps({"people": [{"id": 5, "firstName": "Emmy", "lastName": "Noether"}]})

    for content in padded, excel, powershell:
        imported(fresh, "--people", "-", "--format", "csv", stdin=content.encode())
    imported(fresh, "--people", "-", "--format", "json", stdin=rooted.encode())

    assert fresh.database.execute("SELECT * FROM people ORDER BY id") == [
        (3, "Grace", "Hopper"), (4, "Alan", "Turing"), (5, "Emmy", "Noether"),
        (7, "Ada", "Lovelace")]


def test_a_file_that_cannot_be_read_is_reported(fresh: Site) -> None:
    assert refused(fresh, "--users", "none.csv") == ["gatehouse: none.csv does not exist"]
    (fresh.directory / "folder.csv").mkdir(exist_ok=True)
    assert refused(fresh, "--users", "folder.csv") == ["gatehouse: folder.csv is a directory"]


def test_a_terminal_shows_the_progress(fresh: Site) -> None:
    ours, theirs = pty.openpty()
    importing = start(fresh, *crowd(fresh), stderr=theirs)
    os.close(theirs)
    shown = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # EIO: the other end is closed
            break
        if not piece:
            break
        shown += piece
    os.close(ours)
    assert importing.wait(timeout=300) == 0
    importing.communicate()

    assert b"users.csv: 10000 read" in shown and b"people.csv: 10000 read" in shown
    assert f"storing {COUNT} accounts and {COUNT} people".encode() in shown
    assert shown.endswith(b"\r\x1b[2K\r")
