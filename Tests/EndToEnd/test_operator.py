"""Commands that help an operator: mistyped names, lists, generated passwords, and `why`."""

import json
import re

import pytest

from harness.client import Client
from harness.site import Site
from test_command_line import ADDED, refused, run

JOHN = ("john@example.com", "John@123")


def why(site: Site, email: str) -> list[str]:
    return run(site, "why", email).splitlines()


@pytest.mark.parametrize(("arguments", "cure"), [
    (("usr",), "did you mean `gatehouse user`?"),
    (("user", "lst"), "did you mean `gatehouse user list`?"),
    (("frobnicate",), "`gatehouse --help` lists them"),
], ids=str)
def test_a_mistyped_command_is_explained(
        arguments: tuple[str, ...], cure: str, fresh: Site) -> None:
    error = refused(fresh, *arguments, status=64)
    assert cure in error and error.count("\n") == 1


def test_people_are_listed_and_removed(fresh: Site) -> None:
    run(fresh, "person", "add", "Ada", "Lovelace")

    rows = [re.split(" {2,}", line) for line in run(fresh, "person", "list").splitlines()]
    assert rows == [
        ["ID", "FIRST NAME", "LAST NAME"], ["2", "Mike", "Clark"], ["1", "John", "Doe"],
        ["3", "Ada", "Lovelace"]]
    assert "Ada" in run(fresh, "person", "list", "love")
    assert run(fresh, "person", "list", "unknown").count("\n") == 1

    assert run(fresh, "person", "remove", "3") == "Person 3 removed.\n"
    assert "Ada" not in run(fresh, "person", "list")
    assert "not found" in refused(fresh, "person", "remove", "3")


def test_accounts_are_filtered(fresh: Site) -> None:
    run(fresh, "user", "disable", "mary@example.com")

    def found(*filters: str) -> list[str]:
        return [line.split()[1] for line in run(fresh, "user", "list", *filters).splitlines()[1:]]

    assert found("MARY") == ["mary@example.com"]
    assert found("--role", "admin") == ["admin@example.com"]
    assert found("--disabled") == ["mary@example.com"]
    assert found("example.com", "--role", "user") == ["john@example.com", "mary@example.com"]


@pytest.mark.parametrize("strict", ["on", "off"])
def test_a_generated_password_logs_in(strict: str, fresh: Site, client: Client) -> None:
    for command in (("user", "add"), ("user", "password")):
        done = fresh.backend.command(
            *command, ADDED["username"], "--generate", settings={"GATEHOUSE_STRICT": strict})
        assert done.returncode == 0, done
        client.log_in(ADDED["username"], re.search(r"(?m)^Password: (\S+)$", done.stdout)[1])


def test_an_import_does_not_hide_other_events(fresh: Site, client: Client) -> None:
    client.log_in(*JOHN)
    users = [
        {"email": f"imported{number}@example.com", "role": "user",
         "password": "$2b$04$.xTnSiE4.inEBrzxVkV4PuIJhz7IwhYQ1cAmjTW5EqgfOVTtc6ps6"}
        for number in range(300)]
    run(fresh, "import", "--users", "-", "--format", "json", stdin=json.dumps(users))

    lines = run(fresh, "events").splitlines()

    assert [line.split()[1] for line in lines] == ["KIND", "login", "added"]
    assert lines[-1].endswith("  300 accounts, imported")
    grouped = run(fresh, "events", "--kind", "imported").splitlines()
    assert grouped[-1].endswith(" 300 events of one command; --each lists them"), grouped
    every = run(fresh, "events", "--kind", "imported", "--json", "--limit", "1000")
    assert len(every.splitlines()) == 300


def test_why_explains_every_state_of_an_account(fresh: Site, client: Client) -> None:
    assert why(fresh, "jon@example.com") == [
        "No account has the address jon@example.com.",
        "There is an account john@example.com, which is written nearly like it."]
    assert why(fresh, "stranger@elsewhere.org") == [
        "No account has the address stranger@elsewhere.org."]
    assert why(fresh, "JOHN@example.com")[0].endswith("the right password signs in.")

    pair = client.log_in(*JOHN)
    assert "Live sessions: 1" in why(fresh, JOHN[0])[-1]
    assert client.request("POST", "/api/auth/logout", pair.bearer).status == 200
    assert re.search("Session .* by a logout from 127.0.0.1.", "\n".join(why(fresh, JOHN[0])))

    admin = client.log_in("admin@example.com", "Admin@123")
    client.log_in(*JOHN)
    answer = client.send_json("PUT", "/api/users/1", {"disabled": True}, admin.bearer)
    assert answer.status < 300, answer.body
    lines = why(fresh, JOHN[0])
    assert re.fullmatch(
        "The account is disabled since 20.*, by the administrator admin@example.com. "
        "`gatehouse user enable john@example.com` enables it.", lines[0]), lines
    assert any(line.endswith("(disabled).") for line in lines)
    assert lines[-1] == "There is no live session."


def test_why_says_until_when_a_login_has_to_wait(fresh: Site, client: Client) -> None:
    for _ in range(14):
        client.send_json("POST", "/api/auth/login", {"username": JOHN[0], "password": "Wrong@123"})

    lines = why(fresh, JOHN[0])

    assert lines[0] == "The account is enabled."
    assert re.fullmatch(
        r"A login from 127\.0\.0\.1 has to wait until 20\S+Z, because of 1\d failed logins to this "
        r"account from there\.", lines[1]), lines
    assert re.match(r"1\d logins failed within a day, the last one at 20\S+ from 127.0.0.1", lines[2])


def test_why_reports_a_stolen_token_and_needs_the_secret_for_waits(
        fresh: Site, client: Client) -> None:
    pair = client.log_in(*JOHN)
    for _ in range(2):
        client.request("POST", "/api/auth/refresh", pair.cookie)

    done = fresh.backend.command("why", JOHN[0], settings={"JWT_SECRET": None})

    assert done.returncode == 0, done
    assert "Whether a login has to wait is not known" in done.stdout
    assert re.search(
        r"Session \d+ ended at 20\S+ because a copy of its tokens was used from 127\.0\.0\.1 "
        r"\(generation 0 presented, newest 1, last from 127\.0\.0\.1\)\.", done.stdout)
