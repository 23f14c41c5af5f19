"""A site with GATEHOUSE_STRICT=on: tokens only in cookies, and only a length rule for passwords."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from harness import log_leaks
from harness.browser import browser, executable, page_errors
from harness.client import Answer, Client, Cookie
from harness.site import Site
from nginx_answers import is_problem
from page import cookies

ACCESS, REFRESH = "__Host-accessToken", "__Secure-refreshToken"
DEVICE = "__Secure-device"
EMAIL, PASSPHRASE = "strict@example.com", "fifteen letters"
SAME_ORIGIN = ("Sec-Fetch-Site", "same-origin")


@pytest.fixture(scope="module")
def strict(site_for) -> Iterator[Site]:
    log_leaks.register(EMAIL, PASSPHRASE)
    with site_for("strict", {"GATEHOUSE_STRICT": "on"}) as site:
        yield site


@pytest.fixture
def caller(strict: Site) -> Iterator[Client]:
    strict.database.reset()
    client = strict.client()
    yield client
    client.close()


@pytest.fixture(scope="module")
def window(strict: Site) -> Iterator[BrowserContext]:
    assert executable(), "chromium is missing: apt-get install chromium libnss3-tools"
    with browser(strict.directory / "browser", strict.authority) as window:
        yield window


class Jar:
    """A browser's cookies: stored, sent by path, and deleted when the server clears them."""

    def __init__(self, client: Client):
        self.client = client
        self.cookies: dict[str, Cookie] = {}
        self.answers: list[Answer] = []

    def ask(self, method: str, path: str, content: object = None) -> Answer:
        sent = "; ".join(
            f"{name}={cookie.value}" for name, cookie in self.cookies.items()
            if path.startswith(str(cookie.attributes["path"])))
        headers = [SAME_ORIGIN, *([("Cookie", sent)] if sent else [])]
        answer = self.client.send_json(method, path, content or {}, headers)
        for name, cookie in answer.cookies.items():
            log_leaks.register(cookie.value)
            self.cookies.pop(name, None)
            if cookie.value:
                self.cookies[name] = cookie
        self.answers.append(answer)
        return answer

    def log_in(self, username: str, password: str) -> Answer:
        return self.ask("POST", "/api/auth/login", {"username": username, "password": password})


def sign_up(client: Client, password: str) -> Answer:
    return client.send_json(
        "POST", "/api/auth/signup", {"email": EMAIL, "password": password})


def test_a_person_lives_by_cookies_alone(strict: Site, caller: Client) -> None:
    jar = Jar(caller)
    assert sign_up(caller, PASSPHRASE).status == 201
    login = jar.log_in(EMAIL, PASSPHRASE)

    assert (login.status, login.json) == (200, {})
    for name, path in (
            (ACCESS, "/"), (REFRESH, "/api/auth/refresh"), (DEVICE, "/api/auth/login")):
        attributes = login.cookies[name].attributes
        assert attributes["path"] == path and "domain" not in attributes
        assert attributes["secure"] and attributes["httponly"]
        assert attributes["samesite"] == "Strict"
    assert login.cookies.keys() == {ACCESS, REFRESH, DEVICE}
    assert jar.ask("GET", "/api/auth/me").json == {"username": EMAIL, "role": "user"}

    del jar.cookies[ACCESS]  # as if its Max-Age had passed
    assert is_problem(jar.ask("GET", "/api/auth/me"), 401, "Access token required")
    refresh = jar.ask("POST", "/api/auth/refresh")
    assert (refresh.status, refresh.json) == (200, {})
    assert refresh.cookies[REFRESH].value != login.cookies[REFRESH].value
    assert jar.ask("GET", "/api/auth/me").status == 200

    assert jar.ask("POST", "/api/auth/logout").status == 200
    assert jar.cookies.keys() == {DEVICE}
    assert is_problem(jar.ask("GET", "/api/auth/me"), 401, "Access token required")


def test_no_body_has_a_token(strict: Site, caller: Client) -> None:
    jar = Jar(caller)
    jar.log_in("admin@example.com", "Admin@123")
    jar.ask("POST", "/api/auth/refresh")
    for path in "/api/auth/me", "/api/auth/sessions", "/api/users", "/api/people", "/health":
        assert jar.ask("GET", path).status == 200
    jar.ask("POST", "/api/auth/logout")

    assert all(answer.status == 200 for answer in jar.answers)
    bodies = b"\n".join(answer.body for answer in jar.answers)
    assert not re.search(rb"eyJ|[Tt]oken", bodies)


def test_a_token_is_accepted_only_in_its_own_cookie(strict: Site, caller: Client) -> None:
    jar = Jar(caller)
    jar.log_in("john@example.com", "John@123")
    access, refresh = (jar.cookies[name].value for name in (ACCESS, REFRESH))

    for header in ("Authorization", f"Bearer {access}"), ("Cookie", f"accessToken={access}"):
        answer = caller.request("GET", "/api/auth/me", [header])
        assert is_problem(answer, 401, "Access token required")
    body = caller.send_json("POST", "/api/auth/refresh", {"refreshToken": refresh})
    other = caller.request(
        "POST", "/api/auth/refresh", [("Cookie", f"refreshToken={refresh}"), SAME_ORIGIN])
    for answer in body, other:
        assert is_problem(answer, 401, "refreshToken is not provided")
    # None of these requests counted as token reuse.
    assert jar.ask("POST", "/api/auth/refresh").status == 200


def test_strict_cookie_names_are_ignored_without_strict_mode(fresh: Site, client: Client) -> None:
    pair = client.log_in("john@example.com", "John@123")

    me = client.request("GET", "/api/auth/me", [("Cookie", f"{ACCESS}={pair.access}")])
    refresh = client.request(
        "POST", "/api/auth/refresh", [("Cookie", f"{REFRESH}={pair.refresh}"), SAME_ORIGIN])

    assert is_problem(me, 401, "Access token required")
    assert is_problem(refresh, 401, "refreshToken is not provided")


def test_fifteen_characters_of_any_kind_are_a_password(strict: Site, caller: Client) -> None:
    short = sign_up(caller, "Passw0rd!Passw")
    assert is_problem(short, 400, "Validation failed")
    assert short.json["errors"] == ["Password must be at least 15 characters long"]
    long = sign_up(caller, "x" * 73)
    assert long.json["errors"] == ["Password must not exceed 72 bytes"]

    assert sign_up(caller, PASSPHRASE).status == 201
    assert Jar(caller).log_in(EMAIL, PASSPHRASE).status == 200
    # An existing account keeps its password.
    assert Jar(caller).log_in("john@example.com", "John@123").status == 200


def test_the_command_line_applies_the_same_password_rules(strict: Site, caller: Client) -> None:
    refused = strict.backend.command("user", "add", EMAIL, stdin="Passw0rd!")
    added = strict.backend.command("user", "add", EMAIL, stdin=PASSPHRASE)

    assert refused.returncode == 1 and "at least 15 characters" in refused.stderr
    assert added.returncode == 0, added.stderr


def test_a_value_other_than_on_or_off_is_invalid(strict: Site) -> None:
    for value in "", "yes", "ON":
        done = strict.backend.command("check", settings={"GATEHOUSE_STRICT": value})
        assert done.returncode == 1 and "GATEHOUSE_STRICT" in done.stderr


def test_a_user_signs_up_on_the_page_with_a_passphrase(
    strict: Site, caller: Client, window: BrowserContext
) -> None:
    window.clear_cookies()
    page = window.new_page()
    found = page_errors(page)
    page.goto(f"https://localhost:{strict.nginx.port}/signup")
    rules = page.get_by_role("listitem")
    expect(rules).to_have_text(["15 to 72 characters"])

    fill_in(page, "Passw0rd!")
    expect(page.get_by_text("does not meet every rule")).to_be_visible()
    fill_in(page, PASSPHRASE)
    expect(page.get_by_role("heading", name="People")).to_be_visible()
    before = cookies(page)
    assert before.keys() == {ACCESS, REFRESH}
    assert page.evaluate("document.cookie") == ""

    window.clear_cookies(name=ACCESS)
    page.reload()
    expect(page.get_by_role("row", name="Mike Clark")).to_be_visible()
    after = cookies(page)
    assert after[REFRESH]["value"] != before[REFRESH]["value"]

    # A script on the page can refresh, but the response contains no token that it could steal.
    asked = page.evaluate(
        "fetch('/api/auth/refresh', { method: 'POST' }).then((answer) => answer.text())")
    assert json.loads(asked) == {}

    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    assert cookies(page) == {}
    page.close()
    assert found == []


def fill_in(page: Page, password: str) -> None:
    page.get_by_role("textbox", name="Email").fill(EMAIL)
    page.get_by_role("textbox", name="Password").fill(password)
    page.get_by_role("button", name="Sign up").click()


@pytest.mark.parametrize("password", [
    "a" * 20, "passwordpassword", "Passw0rd!Passw0rd!", "123456789012345", EMAIL])
def test_common_passwords_and_the_own_address_are_refused(
    password: str, strict: Site, caller: Client
) -> None:
    answer = sign_up(caller, password)
    assert answer.status == 400 and len(answer.json["errors"]) == 1
    assert "common" in answer.json["errors"][0] or "email address" in answer.json["errors"][0]

    added = strict.backend.command("user", "add", EMAIL, stdin=password)
    assert added.returncode == 1 and len(added.stderr.splitlines()) == 1

    assert sign_up(caller, PASSPHRASE).status == 201
    jar = Jar(caller)
    jar.log_in(EMAIL, PASSPHRASE)
    change = jar.ask(
        "POST", "/api/auth/password", {"currentPassword": PASSPHRASE, "newPassword": password})
    assert change.status == 400 and change.json["errors"] == answer.json["errors"]


def test_common_passwords_are_refused_by_a_setting_without_strict_mode(site_for) -> None:
    with site_for("common", {"GATEHOUSE_COMMON_PASSWORDS": "refuse"}) as site:
        errors = sign_up(site.client(), "Passw0rd!").json["errors"]
        assert errors == ["Password is too common; choose one that is harder to guess"]
        assert sign_up(site.client(), "kR7#vmQ2!xLp").status == 201


def test_check_says_how_many_common_passwords_are_known(strict: Site) -> None:
    said = strict.backend.command("check").stdout
    assert int(re.search(r"common passwords has (\d+) entries", said)[1]) > 20_000
    assert re.search(r"GATEHOUSE_COMMON_PASSWORDS +refuse +default", said)
