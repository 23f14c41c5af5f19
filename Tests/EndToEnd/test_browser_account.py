"""Users manage their account: they see and end sessions, and change the password."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from harness import log_leaks
from harness.browser import browser, executable, page_errors
from harness.site import Site
from page import cookies, log_in

EMAIL, PASSWORD, BETTER = "john@example.com", "John@123", "Better@123"
ENDED = "Your session has ended. Please log in again."


@pytest.fixture(scope="module")
def chromium(site: Site) -> Iterator[Browser]:
    assert executable(), "chromium is missing: apt-get install chromium libnss3-tools"
    log_leaks.register(BETTER)
    with browser(site.directory / "account", site.authority) as window:
        yield window.browser


@dataclass
class Devices:
    """John's devices: browser contexts, each with its own cookies."""

    chromium: Browser
    address: str
    opened: list[tuple[Page, list[str]]]

    def new(self, path: str, password: str = PASSWORD, **looks: object) -> Page:
        """Creates a device on which John has logged in and opened a path.

        `looks` are options of the browser context.
        """
        context: BrowserContext = self.chromium.new_context(**looks)
        context.set_default_timeout(15_000)
        page = context.new_page()
        self.opened.append((page, page_errors(page)))
        page.goto(self.address + path)
        log_in(page, EMAIL, password, path.strip("/").capitalize())
        cookies(page)
        return page


@pytest.fixture
def devices(fresh: Site, chromium: Browser) -> Iterator[Devices]:
    """John's devices. None of their pages may report an error."""
    devices = Devices(chromium, f"https://localhost:{fresh.nginx.port}", [])
    yield devices
    found = [text for _, errors in devices.opened for text in errors]
    for page, _ in devices.opened:
        page.context.close()
    assert found == []


def focus_window(page: Page) -> None:
    """Sends the focus event of a window, which a headless browser never sends."""
    page.evaluate("dispatchEvent(new Event('focus'))")


def sessions(page: Page) -> list[str]:
    expect(page.get_by_text("This device")).to_be_visible()
    return page.get_by_role("listitem").filter(has_text="logged in").all_inner_texts()


def change_password(page: Page, current: str, new: str) -> None:
    page.get_by_role("textbox", name="Current password").fill(current)
    page.get_by_role("textbox", name="New password").fill(new)
    page.get_by_role("button", name="Change password").click()


def test_a_page_whose_session_was_ended_shows_the_login(devices: Devices) -> None:
    lost = devices.new("/people")
    lost.get_by_role("textbox", name="First name").fill("Ada")
    mine = devices.new("/people")
    mine.get_by_role("link", name="Account").click()

    here, there = sessions(mine)
    assert re.search(r"Chrom\w+ on Linux This device\s+127\.0\.0\.1 · in use now", here), here
    assert re.search(r"last seen just now · logged in just now", there), there
    expect(mine.get_by_role("definition").filter(has_text=EMAIL)).to_be_visible()
    end = mine.get_by_role("button", name=re.compile("^End the session on .*Chrom"))
    end.click()
    expect(mine.get_by_role("button", name="Cancel")).to_be_focused()
    mine.keyboard.press("Escape")
    expect(end).to_be_focused()
    assert len(sessions(mine)) == 2
    end.click()
    mine.get_by_role("button", name="End session").click()
    expect(mine.get_by_text("was logged out")).to_be_visible()
    expect(mine.get_by_role("heading", name="Where you are logged in")).to_be_focused()
    assert len(sessions(mine)) == 1
    expect(mine.get_by_role("button", name="Log out all others")).to_have_count(0)

    focus_window(lost)
    expect(lost.get_by_text(ENDED)).to_be_visible()
    log_in(lost, EMAIL, PASSWORD)
    expect(lost.get_by_role("textbox", name="First name")).to_have_value("Ada")


def test_all_other_sessions_can_be_ended_at_once(devices: Devices, fresh: Site) -> None:
    others = [devices.new("/people"), devices.new("/account")]
    mine = devices.new("/account")
    assert len(sessions(mine)) == 3
    # This session is not in the list, which was loaded earlier.
    others.append(devices.new("/people"))

    mine.get_by_role("button", name="Log out all others").click()
    expect(mine.get_by_role("group", name="End the sessions on all other devices?")).to_be_visible()
    mine.get_by_role("button", name="Log out all others").click()
    expect(mine.get_by_text("All other devices were logged out.")).to_be_visible()

    for other in others:
        focus_window(other)
        expect(other.get_by_text(ENDED)).to_be_visible()
    focus_window(mine)
    mine.reload()
    assert len(sessions(mine)) == 1
    assert fresh.database.execute("SELECT count(*) FROM sessions WHERE ended_at IS NULL") == [(1,)]


def test_requests_to_an_unavailable_server_are_retried(devices: Devices) -> None:
    page = devices.new("/people")
    page.route("**/api/auth/sessions", lambda route: route.abort())
    page.route("**/api/auth/password", lambda route: route.abort())
    page.get_by_role("link", name="Account").click()

    change_password(page, PASSWORD, BETTER)
    expect(page.get_by_text("What you typed is kept.")).to_be_visible()
    expect(page.get_by_role("textbox", name="New password")).to_have_value(BETTER)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("status").filter(has_text="cannot be reached")).to_be_visible()
    page.unroute_all()

    # The page retries on its own, after a delay that may have grown.
    expect(page.get_by_text("This device")).to_be_visible(timeout=20_000)
    assert len(sessions(page)) == 1


def test_a_new_password_logs_the_other_devices_out(devices: Devices) -> None:
    other = devices.new("/account")
    mine = devices.new("/account")

    change_password(mine, "", "short")
    expect(mine.get_by_text("Current password is required")).to_be_visible()
    expect(mine.get_by_text("does not meet every rule yet")).to_be_visible()
    expect(mine.get_by_role("textbox", name="Current password")).to_be_focused()

    change_password(mine, "Wrong@123", BETTER)
    expect(mine.get_by_text("This is not your current password")).to_be_visible()
    expect(mine.get_by_role("textbox", name="New password")).to_have_value(BETTER)

    change_password(mine, PASSWORD, PASSWORD)
    expect(mine.get_by_text("must differ from the current one")).to_be_visible()

    change_password(mine, PASSWORD, BETTER)
    expect(mine.get_by_text("Your password is changed. All other devices")).to_be_visible()
    expect(mine.get_by_role("textbox", name="Current password")).to_have_value("")
    expect(mine.get_by_role("button", name=re.compile("^End the session"))).to_have_count(0)

    focus_window(other)
    expect(other.get_by_text(ENDED)).to_be_visible()
    log_in(other, EMAIL, BETTER, "Account")


def test_the_message_after_too_many_wrong_passwords_says_how_long_to_wait(devices: Devices) -> None:
    page = devices.new("/account")

    # The server decides after how many wrong passwords it refuses more.
    for guess in range(1, 30):
        change_password(page, f"Wrong@{guess}23", BETTER)
        message = page.get_by_text(
            re.compile("This is not your current password|Too many attempts"))
        expect(message).to_be_visible()
        if "Too many" in message.inner_text():
            break

    expect(page.get_by_text(re.compile(
        r"Too many attempts\. Please try again in \d+ (second|minute)s?\."))).to_be_visible()


def test_logging_out_works_with_an_expired_access_token(
        devices: Devices, fresh: Site) -> None:
    page = devices.new("/account")
    assert len(sessions(page)) == 1
    page.context.clear_cookies(name="accessToken")  # as if its Max-Age had passed

    with page.expect_request("**/api/auth/refresh/logout"):
        page.get_by_role("button", name="Log out", exact=True).click()
    expect(page.get_by_text("You are logged out.")).to_be_visible()
    assert cookies(page) == {}
    assert fresh.database.execute("SELECT count(*) FROM sessions WHERE ended_at IS NULL") == [(0,)]


def test_a_user_can_log_out_everywhere(devices: Devices, fresh: Site) -> None:
    other = devices.new("/account")
    mine = devices.new("/account")
    mine.context.clear_cookies(name="accessToken")

    mine.get_by_role("button", name="Log out everywhere", exact=True).click()
    expect(mine.get_by_role("group", name="End all sessions")).to_be_visible()
    mine.get_by_role("button", name="Log out everywhere", exact=True).click()
    expect(mine.get_by_text("You are logged out everywhere.")).to_be_visible()
    assert cookies(mine) == {}

    focus_window(other)
    expect(other.get_by_text(ENDED)).to_be_visible()
    assert fresh.database.execute("SELECT count(*) FROM sessions WHERE ended_at IS NULL") == [(0,)]


def test_every_action_of_the_account_is_reached_by_keyboard(devices: Devices) -> None:
    devices.new("/people")
    page = devices.new("/account")
    expect(page.get_by_role("heading", name="Account", exact=True)).to_be_focused()
    assert len(sessions(page)) == 2

    reached = []
    for _ in range(9):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(
            "document.activeElement.ariaLabel || document.activeElement.textContent"
            " || document.activeElement.labels[0].textContent"))

    assert reached[:5] == [
        "Current password", "Show current password", "New password", "Show new password",
        "Change password"], reached
    assert reached[5].startswith("End the session on ")
    assert reached[6:8] == ["Log out all others", "Log out everywhere"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_account_fits_a_narrow_phone(devices: Devices, scheme: str) -> None:
    devices.new("/people")
    page = devices.new(
        "/account", viewport={"width": 320, "height": 640}, color_scheme=scheme)
    assert len(sessions(page)) == 2

    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_many_sessions_leave_no_hole_between_the_other_panels(
        devices: Devices, fresh: Site) -> None:
    for _ in range(11):
        client = fresh.client()
        client.log_in(EMAIL, PASSWORD)
        client.close()
    page = devices.new("/account")
    assert len(sessions(page)) == 12

    you, password, listed = [
        page.get_by_role("region", name=name, exact=True).bounding_box()
        for name in ("You", "Password", "Where you are logged in")]
    assert you and password and listed
    assert 0 <= password["y"] - you["y"] - you["height"] <= 24
    assert listed["y"] == you["y"]
