"""A site without signup and without people, and its page."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from harness import log_leaks
from harness.browser import browser, executable
from harness.client import Client
from harness.site import Site
from nginx_answers import is_problem

EMAIL, PASSWORD = "invited@example.com", "Passw0rd!"


@pytest.fixture(scope="module")
def closed(site_for) -> Iterator[Site]:
    log_leaks.register(EMAIL)
    settings = {"GATEHOUSE_SIGNUP": "closed", "GATEHOUSE_PEOPLE": "off"}
    with site_for("closed-signup", settings) as site:
        yield site


def test_as_shipped_signup_is_open_and_there_are_people(client: Client) -> None:
    assert client.request("GET", "/api/auth/options").json == {"signup": "open", "people": True}


def test_where_signup_is_closed_only_the_operator_adds_accounts(closed: Site) -> None:
    client = closed.client()
    before = closed.database.dump()

    assert client.request("GET", "/api/auth/options").json == {
        "signup": "closed", "people": False}
    for body in {"email": EMAIL, "password": PASSWORD}, {}, {"email": 1, "x": 2}:
        answer = client.send_json("POST", "/api/auth/signup", body)
        assert is_problem(answer, 403, "Signup is closed")
    assert closed.database.dump() == before

    assert closed.backend.command("user", "add", EMAIL, stdin=PASSWORD).returncode == 0
    client.log_in(EMAIL, PASSWORD)


def test_where_people_are_off_their_paths_do_not_exist(closed: Site) -> None:
    client = closed.client()
    tokens = client.log_in("admin@example.com", "Admin@123")

    for method, path in [
        ("GET", "/api/people"), ("POST", "/api/people"), ("GET", "/api/people/1"),
        ("PUT", "/api/people/1"), ("DELETE", "/api/people/1"), ("GET", "/api/people?limit=1"),
    ]:
        for headers in [], tokens.bearer:
            assert is_problem(client.request(method, path, headers), 404, "Route not found")
    assert client.request("GET", "/api/users", tokens.bearer).status == 200


@pytest.mark.parametrize("settings", [
    {"GATEHOUSE_SIGNUP": "invited"}, {"GATEHOUSE_SIGNUP": ""}, {"GATEHOUSE_PEOPLE": "no"},
    {"GATEHOUSE_SITE_NAME": "two\nlines"}, {"GATEHOUSE_SITE_LOGO": "//other.example/logo.svg"},
    {"GATEHOUSE_SITE_COLOR": "teal"}, {"GATEHOUSE_PASSWORD_HELP": "javascript:alert(1)"}])
def test_another_value_is_refused(settings: dict[str, str], site: Site) -> None:
    checked = site.backend.command("check", settings=settings)
    assert checked.returncode == 1 and next(iter(settings)) in checked.stderr
    assert checked.stderr.count("\n") == 1, checked.stderr


def test_the_page_offers_only_what_exists(closed: Site) -> None:
    assert executable(), "chromium is missing: apt-get install chromium libnss3-tools"
    address = f"https://localhost:{closed.nginx.port}"
    with browser(closed.directory / "browser", closed.authority) as window:
        page = window.new_page()
        page.goto(f"{address}/signup")
        page.wait_for_url("**/login*")
        expect(page.get_by_role("heading", name="Log in")).to_be_visible()
        expect(page.get_by_role("link", name="Sign up")).to_have_count(0)

        page.get_by_label("Email").fill("john@example.com")
        page.get_by_label("Password", exact=True).fill("John@123")
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url("**/account")
        expect(page.get_by_role("link", name="Account")).to_be_visible()
        expect(page.get_by_role("link", name="People")).to_have_count(0)

        page.goto(f"{address}/people")
        page.wait_for_url("**/account")
