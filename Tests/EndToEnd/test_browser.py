"""A user signs up, logs in, changes people and logs out in a real browser."""

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from harness import log_leaks
from harness.browser import browser, executable, page_errors
from harness.site import Site
from page import cookies, log_in

EMAIL, PASSWORD = "browser@example.com", "Br0wser!pass"
SCRIPT = "<img src=x onerror=harmed=1>"


@pytest.fixture(scope="module")
def window(site: Site) -> Iterator[BrowserContext]:
    assert executable(), "chromium is missing: apt-get install chromium libnss3-tools"
    log_leaks.register(EMAIL, PASSWORD)
    with browser(site.directory / "browser", site.authority) as window:
        yield window


@pytest.fixture
def page(fresh: Site, window: BrowserContext) -> Iterator[Page]:
    """A tab without a session. The page must not report any error while it is open."""
    window.clear_cookies()
    page = window.new_page()
    found = page_errors(page)
    page.goto(f"https://localhost:{fresh.nginx.port}/")
    yield page
    page.close()
    assert found == []


def test_a_person_signs_up_works_and_logs_out(page: Page, fresh: Site) -> None:
    page.get_by_role("navigation").get_by_role("link", name="Sign up").click()
    expect(page.get_by_role("heading", name="Sign up")).to_be_visible()
    page.get_by_role("textbox", name="Email").fill(EMAIL)
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("heading", name="People")).to_be_visible()
    expect(page.get_by_role("row", name="John Doe")).to_be_visible()

    page.get_by_role("textbox", name="First name").fill("Ada")
    page.get_by_role("textbox", name="Last name").fill(SCRIPT)
    page.get_by_role("button", name="Add person").click()
    expect(page.get_by_role("row", name="Ada")).to_contain_text(SCRIPT)

    page.reload()
    expect(page.get_by_role("row", name="Ada")).to_contain_text(SCRIPT)
    assert page.evaluate("window.harmed") is None
    assert fresh.database.execute("SELECT first_name FROM people WHERE id = 3") == [("Ada",)]

    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    assert cookies(page) == {}
    assert fresh.database.execute("SELECT count(*) FROM sessions WHERE ended_at IS NULL") == [(0,)]


def test_the_browser_keeps_the_cookies_from_scripts(page: Page) -> None:
    log_in(page, "john@example.com", "John@123")
    jar = cookies(page)

    assert jar.keys() == {"accessToken", "refreshToken"}
    for name, path, lifetime in ("accessToken", "/", 60), (
            "refreshToken", "/api/auth/refresh", 180):
        cookie = jar[name]
        assert cookie["httpOnly"] and cookie["secure"] and cookie["sameSite"] == "Strict"
        assert cookie["path"] == path and cookie["domain"] == "localhost"
        assert abs(cookie["expires"] - time.time() - lifetime) < 15
    assert page.evaluate("document.cookie") == ""
    stored = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert not re.search(r"eyJ", stored)


def test_an_expired_access_token_is_refreshed_without_the_user_noticing(page: Page) -> None:
    log_in(page, "john@example.com", "John@123")
    before = cookies(page)
    page.context.clear_cookies(name="accessToken")  # as if its Max-Age had passed

    page.reload()

    expect(page.get_by_role("row", name="Mike Clark")).to_be_visible()
    after = cookies(page)
    assert after["refreshToken"]["value"] != before["refreshToken"]["value"]


def test_only_an_administrator_sees_delete_buttons(page: Page) -> None:
    log_in(page, "john@example.com", "John@123")
    expect(page.get_by_role("button", name="Edit John Doe")).to_be_visible()
    expect(page.get_by_role("button", name="Delete John Doe")).to_have_count(0)
    page.get_by_role("button", name="Log out").click()

    log_in(page, "admin@example.com", "Admin@123")
    page.get_by_role("button", name="Delete Mike Clark").click()
    page.get_by_role("button", name="Delete", exact=True).click()

    expect(page.get_by_role("row", name="Mike Clark")).to_have_count(0)


def test_a_wrong_password_shows_an_error_and_keeps_the_email(page: Page) -> None:
    page.get_by_role("textbox", name="Email").fill("john@example.com")
    page.get_by_role("textbox", name="Password").fill("Wrong@123")
    page.get_by_role("button", name="Log in").click()

    expect(page.get_by_text("Wrong email or password")).to_be_visible()
    expect(page.get_by_role("textbox", name="Email")).to_have_value("john@example.com")
    assert cookies(page) == {}


def test_the_login_page_helps_with_the_password(page: Page) -> None:
    expect(page.get_by_text("Forgotten your password?")).to_be_visible()
    expect(page.get_by_role("textbox", name="Email")).to_be_focused()

    password = page.get_by_role("textbox", name="Password")
    top = password.bounding_box()
    press = """(input, isOn) => input.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'A', modifierCapsLock: isOn }))"""
    password.focus()
    password.evaluate(press, True)
    warning = page.get_by_role("status").filter(has_text="Caps Lock is on")
    expect(warning).to_be_visible()
    assert password.bounding_box() == top
    password.evaluate(press, False)
    expect(warning).to_have_count(0)
    password.evaluate(press, True)
    page.get_by_role("textbox", name="Email").focus()
    expect(warning).to_have_count(0)


def test_visitors_read_the_name_of_the_site(page: Page, fresh: Site) -> None:
    for path, title in (("/login", "Log in"), ("/signup", "Sign up"), ("/nowhere", "Not found")):
        page.goto(f"https://localhost:{fresh.nginx.port}{path}")
        expect(page.get_by_role("heading", name=title)).to_be_visible()
        assert page.title() == f"{title} · localhost"
        expect(page.get_by_role("banner").get_by_role("link", name="localhost")).to_be_visible()
        assert "gatehouse" not in page.locator("body").inner_text().lower()


def test_a_deep_link_leads_to_the_login_page_and_back(page: Page, fresh: Site) -> None:
    page.goto(f"https://localhost:{fresh.nginx.port}/people")
    log_in(page, "john@example.com", "John@123")

    assert page.url.endswith("/people")


def test_two_tabs_that_refresh_at_once_stay_signed_in(page: Page, fresh: Site) -> None:
    log_in(page, "john@example.com", "John@123")
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.get_by_role("heading", name="People")).to_be_visible()

    for _ in range(5):
        # Both tabs leave at the same moment.
        leave = "at => { setTimeout(() => location.assign('/people?again'), at - Date.now()) }"
        for tab in (page, other):
            tab.goto(f"https://localhost:{fresh.nginx.port}/people")
            expect(tab.get_by_role("row", name="John Doe")).to_be_visible()
        page.context.clear_cookies(name="accessToken")
        at = page.evaluate("Date.now() + 300")
        for tab in (page, other):
            tab.evaluate(leave, at)
        for tab in (page, other):
            tab.wait_for_url("**/people?again")
            expect(tab.get_by_role("row", name="John Doe")).to_be_visible()
    cookies(page)
    other.close()
    assert fresh.database.execute("SELECT count(*) FROM sessions WHERE ended_at IS NULL") == [(1,)]


def test_the_first_view_needs_few_requests_and_bytes(page: Page, fresh: Site) -> None:
    page.goto("about:blank")
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.clearBrowserCache")

    page.goto(f"https://localhost:{fresh.nginx.port}/")
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()

    # The icon is a data URL in the page, which needs no request.
    sent = [url for url in requested if not url.startswith("data:")]
    assert len(sent) <= 12, sent
    assert all(url.startswith(f"https://localhost:{fresh.nginx.port}/") for url in sent), sent
    sizes = page.evaluate(
        "['navigation', 'resource'].flatMap(kind => performance.getEntriesByType(kind))"
        ".map(({ name, transferSize }) => [name, transferSize])")
    assert all(size > 0 for _, size in sizes), sizes
    assert sum(size for _, size in sizes) <= 40_000, sizes
