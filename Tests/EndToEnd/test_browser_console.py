"""The browser's console shows no failed request to someone who only opens the page."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from harness.site import Site
from page import cookies, log_in


@pytest.fixture
def console(fresh: Site, chromium: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A page in a fresh profile, and all errors and warnings of its console."""
    context = chromium.new_context(base_url=f"https://localhost:{fresh.nginx.port}")
    context.set_default_timeout(15_000)
    page = context.new_page()
    shown: list[str] = []
    page.on("console", lambda message: shown.append(f"{message.text} {message.location['url']}")
            if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: shown.append(str(error)))
    yield page, shown
    context.close()


@pytest.mark.parametrize(("path", "heading"), [
    ("/", "Log in"), ("/login", "Log in"), ("/signup", "Sign up"), ("/people", "Log in"),
    ("/nowhere", "Not found")])
def test_a_guest_sees_none(path: str, heading: str, console: tuple[Page, list[str]]) -> None:
    page, shown = console
    for _ in range(2):
        page.goto(path, wait_until="networkidle")
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
    assert shown == []


def test_a_user_sees_none_after_the_access_token_and_after_the_session(
        console: tuple[Page, list[str]]) -> None:
    page, shown = console
    page.goto("/")
    log_in(page, "john@example.com", "John@123")
    cookies(page)
    page.reload(wait_until="networkidle")
    expect(page.get_by_role("row", name="John Doe")).to_be_visible()

    page.context.clear_cookies(name="accessToken")
    page.reload(wait_until="networkidle")
    expect(page.get_by_role("row", name="John Doe")).to_be_visible()
    cookies(page)

    page.context.clear_cookies()
    page.reload(wait_until="networkidle")
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    assert shown == []


def test_a_login_that_the_browser_does_not_remember_is_found(
        console: tuple[Page, list[str]]) -> None:
    page, shown = console
    page.goto("/")
    log_in(page, "john@example.com", "John@123")
    cookies(page)

    page.evaluate("localStorage.clear()")
    page.goto("/", wait_until="networkidle")
    expect(page.get_by_role("row", name="John Doe")).to_be_visible()
    assert shown == []
