"""A restore is all or nothing, makes no session valid again, and can be undone."""

import os
import shutil
import stat
from contextlib import closing
from pathlib import Path

import pytest

from harness import tokens
from harness.backups import kept_of, people, refusal, run, stopped
from harness.client import Client, Tokens
from harness.database import Database
from harness.site import Site

JOHN = ("john@example.com", "John@123")
BROWSER = [("Sec-Fetch-Site", "same-origin")]


def refresh(client: Client, pair: Tokens) -> Tokens:
    answer = client.request("POST", "/api/auth/refresh", pair.cookie)
    assert answer.status == 200, answer.body
    return Tokens(answer.json["accessToken"], answer.json["refreshToken"])


def log_out(client: Client, pair: Tokens) -> None:
    assert client.request("POST", "/api/auth/logout", pair.bearer).status == 200


def check_refused(client: Client, pair: Tokens) -> None:
    assert client.request("GET", "/api/people", pair.bearer).status == 403
    assert client.request("GET", "/api/auth/me", pair.bearer).status in (403, 404)
    for headers in [[], BROWSER]:
        answer = client.request("POST", "/api/auth/refresh", pair.cookie + headers)
        assert (answer.status, answer.cookies) == (400, {}), headers


def account(pair: Tokens) -> int:
    return int(tokens.read(pair.access)[1]["sub"])


def sign_up(client: Client, email: str) -> Tokens:
    credentials = {"email": email, "password": "Passw0rd!"}
    assert client.send_json("POST", "/api/auth/signup", credentials).status == 201
    return client.log_in(email, "Passw0rd!")


def test_no_session_becomes_valid_again(fresh: Site, client: Client, tmp_path: Path) -> None:
    ended, later_ended, live, later_rotated = [client.log_in(*JOHN) for _ in range(4)]
    log_out(client, ended)
    rotated_away = client.log_in(*JOHN)
    newest = refresh(client, rotated_away)
    run(fresh, "backup", tmp_path / "backup")
    log_out(client, later_ended)
    # In the backup, the token before this refresh is the newest one; a thief may have copied it.
    after = refresh(client, later_rotated)
    begun_later = client.log_in(*JOHN)

    with stopped(fresh):
        said = run(fresh, "restore", tmp_path / "backup")

    assert "Sessions ended: 4" in said
    for pair in [
        ended, later_ended, live, later_rotated, after, rotated_away, newest, begun_later
    ]:
        check_refused(client, pair)
    again = client.log_in(*JOHN)
    assert client.request("GET", "/api/people", again.bearer).status == 200
    assert refresh(client, again)
    assert "restored" in run(fresh, "events", "--kind", "restored")
    assert run(fresh, "events", "--kind", "session-ended").count("restored") == 4


def test_no_new_account_gets_the_id_or_the_rights_of_a_lost_one(
    fresh: Site, client: Client, tmp_path: Path
) -> None:
    run(fresh, "backup", tmp_path / "backup")
    lost = sign_up(client, "lost@example.com")

    with stopped(fresh):
        run(fresh, "restore", tmp_path / "backup")

    check_refused(client, lost)
    found = sign_up(client, "found@example.com")
    check_refused(client, lost)
    assert account(found) > account(lost)
    person = client.send_json(
        "POST", "/api/people", {"firstName": "Ada", "lastName": "Lovelace"}, found.bearer).json
    assert 10**12 < person["id"] < 2**53


def test_tokens_of_a_lost_account_are_refused_even_if_its_id_is_used_again(
    fresh: Site, client: Client, tmp_path: Path
) -> None:
    run(fresh, "backup", tmp_path / "backup")
    lost = sign_up(client, "lost@example.com")
    with stopped(fresh):
        run(fresh, "restore", tmp_path / "backup")
    # As if the restore had skipped no ids.
    fresh.database.execute("UPDATE sqlite_sequence SET seq = 3 WHERE name = 'accounts'")

    found = sign_up(client, "found@example.com")

    assert account(found) == account(lost)
    check_refused(client, lost)
    assert client.request("GET", "/api/people", found.bearer).status == 200


def test_a_restore_while_the_server_runs_is_refused(
    fresh: Site, client: Client, tmp_path: Path
) -> None:
    run(fresh, "backup", tmp_path / "backup")
    pair = client.log_in(*JOHN)
    before, names = fresh.database.dump(), sorted(fresh.directory.iterdir())
    fresh.database.close()

    said = refusal(fresh, "restore", tmp_path / "backup")

    fresh.database = Database(fresh.backend.database_path)
    assert "in use" in said and "systemctl stop gatehouse.socket gatehouse.service" in said
    assert fresh.database.dump() == before
    assert [path for path in sorted(fresh.directory.iterdir()) if path not in names] == []
    assert client.request("GET", "/api/auth/me", pair.bearer).status == 200


def test_events_undone_by_a_restore_are_in_the_backup_it_made(fresh: Site, tmp_path: Path) -> None:
    run(fresh, "backup", tmp_path / "backup")
    run(fresh, "user", "disable", "john@example.com")
    with stopped(fresh) as database:
        before = set(kept_of(database))
        run(fresh, "restore", tmp_path / "backup")
        (kept,) = set(kept_of(database)) - before
    assert "enabled" in run(fresh, "user", "list").splitlines()[1]

    shutil.copy(kept, tmp_path / "before.db")
    done = fresh.backend.command(
        "events", "--kind", "disabled",
        settings={"GATEHOUSE_DATABASE": str(tmp_path / "before.db")})

    assert (done.returncode, done.stdout.count("disabled")) == (0, 1), done
    run(fresh, "backup", "--verify", kept)


def test_a_wrong_restore_can_be_undone_by_another(
    fresh: Site, client: Client, tmp_path: Path
) -> None:
    run(fresh, "backup", tmp_path / "backup")
    fresh.database.execute("INSERT INTO people VALUES (9, 'Not', 'Lost')")
    pair = client.log_in(*JOHN)
    with stopped(fresh) as database:
        before = set(kept_of(database))
        said = run(fresh, "restore", tmp_path / "backup")
        assert (9, "Not", "Lost") not in people(database)
        (kept,) = set(kept_of(database)) - before
        assert str(kept) in said

        run(fresh, "restore", kept)

        assert (9, "Not", "Lost") in people(database)
    # The first restore ended the session.
    check_refused(client, pair)


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="files are given to another user")


@needs_root
def test_the_owner_and_mode_of_the_file_are_kept(fresh: Site, tmp_path: Path) -> None:
    """Root restores the database of a service that runs as another user."""
    run(fresh, "backup", tmp_path / "backup")
    folder = tmp_path / "state"
    folder.mkdir(0o700)
    os.chown(folder, 61234, 61235)
    database = folder / "gatehouse.db"
    settings = {"GATEHOUSE_DATABASE": str(database)}

    for _ in range(2):
        done = fresh.backend.command("restore", str(tmp_path / "backup"), settings=settings)
        assert done.returncode == 0, done
        assert len(people(database)) == 2

    assert len(list(folder.iterdir())) == 2, "expected the database and one backup"
    for path in folder.iterdir():
        about = path.stat()
        assert (about.st_uid, about.st_gid) == (61234, 61235), path
        assert stat.S_IMODE(about.st_mode) == 0o600, path


def test_a_leftover_write_ahead_log_does_not_change_the_restored_database(
    fresh: Site, tmp_path: Path
) -> None:
    run(fresh, "backup", tmp_path / "backup")
    folder = tmp_path / "state"
    folder.mkdir()
    fresh.database.execute("INSERT INTO people VALUES (9, 'Left', 'Behind')")
    shutil.copy(f"{fresh.backend.database_path}-wal", folder / "gatehouse.db-wal")

    done = fresh.backend.command(
        "restore", str(tmp_path / "backup"),
        settings={"GATEHOUSE_DATABASE": str(folder / "gatehouse.db")})

    assert done.returncode == 0, done
    assert people(folder / "gatehouse.db") == [(1, "John", "Doe"), (2, "Mike", "Clark")]


@pytest.mark.parametrize("damage", ["no database", "cut off", "another program's"])
def test_an_invalid_database_is_not_replaced_until_it_is_moved_away(
    damage: str, fresh: Site, tmp_path: Path
) -> None:
    run(fresh, "backup", tmp_path / "backup")
    database = tmp_path / "gatehouse.db"
    settings = {"GATEHOUSE_DATABASE": str(database)}
    fresh.backend.command("person", "add", "A", "B", settings=settings)
    sound = database.read_bytes()
    match damage:
        case "no database": database.write_bytes(b"\0" * 100 + sound[100:])
        case "cut off": database.write_bytes(sound[:len(sound) // 2])
        case "another program's":
            database.unlink()
            with closing(Database(database)) as other:
                other.execute("CREATE TABLE users (id INTEGER PRIMARY KEY)")
    before = database.read_bytes()

    done = fresh.backend.command("restore", str(tmp_path / "backup"), settings=settings)

    assert (done.returncode, done.stderr.count("\n")) == (1, 1), done
    assert "move it away" in done.stderr
    assert database.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup", "gatehouse.db"]
    database.rename(tmp_path / "damaged")
    done = fresh.backend.command("restore", str(tmp_path / "backup"), settings=settings)
    assert done.returncode == 0, done
    assert len(people(database)) == 2
