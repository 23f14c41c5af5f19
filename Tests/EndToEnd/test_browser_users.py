"""Administrators see the accounts and change them; other users cannot."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from devices import ADMIN, JOHN, MARY, Devices, focus_window, focused
from harness import log_leaks
from harness.browser import browser, executable
from harness.site import Site
from page import cookies, log_in

# Unusual email addresses. The second would reorder the text around it if it were not isolated.
HOSTILE = ("<img src=x onerror=harmed=1>@example.com", "\u202eמייק\u202d@example.com",
           "e" + "\u0301" * 30 + "@example.com", f"{'w' * 88}@example.com")


@pytest.fixture(scope="module")
def chromium(site: Site) -> Iterator[Browser]:
    assert executable(), "chromium is missing: apt-get install chromium libnss3-tools"
    log_leaks.register(*HOSTILE)
    with browser(site.directory / "users", site.authority) as window:
        yield window.browser


def row(page: Page, email: str) -> Locator:
    return page.get_by_role("main").get_by_role("listitem").filter(has_text=email)


def count(page: Page) -> Locator:
    """The visible number of accounts."""
    return page.locator(".count")


def search(page: Page) -> Locator:
    return page.get_by_role("searchbox", name="Find users")


def act(page: Page, action: str, email: str) -> None:
    """Presses an account's button and confirms the change."""
    page.get_by_role("button", name=f"{action}: {email}").click()
    page.get_by_role("button", name=action, exact=True).click()


def account(site: Site, email: str) -> tuple[str, int]:
    (found,) = site.database.execute(
        "SELECT role, is_disabled FROM accounts WHERE email = ?", email)
    return found


def test_an_administrator_promotes_a_user(devices: Devices, fresh: Site) -> None:
    john = devices.of(JOHN, "/people")
    expect(john.get_by_role("link", name="Users")).to_have_count(0)
    page = devices.of(ADMIN, "/people")
    page.get_by_role("link", name="Users").click()
    expect(page.get_by_role("heading", name="Users", exact=True)).to_be_focused()
    assert page.title() == "Users · localhost"
    expect(page.get_by_role("link", name="Users")).to_have_attribute("aria-current", "page")
    expect(count(page)).to_have_text("3 accounts")
    expect(row(page, JOHN[0])).to_contain_text("Joined November 14, 2023")

    act(page, "Make admin", JOHN[0])
    expect(page.get_by_text("john@example.com is an administrator now.")).to_be_visible()
    assert focused(page) == "Make user: john@example.com"

    page.reload()
    expect(row(page, JOHN[0])).to_contain_text("Administrator")
    assert account(fresh, JOHN[0]) == ("admin", 0)
    focus_window(john)
    expect(john.get_by_role("link", name="Users")).to_be_visible()


def test_a_user_who_loses_rights_is_logged_out(devices: Devices, fresh: Site) -> None:
    fresh.database.set_role(JOHN[0], "admin")
    john = devices.of(JOHN, "/users")
    mary = devices.of(MARY, "/account")
    page = devices.of(ADMIN, "/users")

    page.get_by_role("button", name="Make user: john@example.com").click()
    expect(page.get_by_role("button", name="Cancel")).to_be_focused()
    expect(page.get_by_role("group", name=re.compile("takes effect at once"))).to_be_visible()
    page.keyboard.press("Escape")
    assert focused(page) == "Make user: john@example.com"
    assert account(fresh, JOHN[0]) == ("admin", 0)

    act(page, "Make user", JOHN[0])
    expect(page.get_by_text("is a user now, and logged out everywhere.")).to_be_visible()
    act(page, "Disable", MARY[0])
    expect(page.get_by_text("is disabled, and logged out everywhere.")).to_be_visible()
    expect(row(page, MARY[0])).to_contain_text("Disabled")
    assert (account(fresh, JOHN[0]), account(fresh, MARY[0])) == (("user", 0), ("user", 1))

    for other in (john, mary):
        focus_window(other)
        expect(other.get_by_text(
            "Your session has ended. Please log in again.")).to_be_visible()
    log_in(john, *JOHN, "For administrators")
    mary.get_by_role("textbox", name="Email").fill(MARY[0])
    mary.get_by_role("textbox", name="Password").fill(MARY[1])
    mary.get_by_role("button", name="Log in").click()
    expect(mary.get_by_text("Wrong email or password")).to_be_visible()

    page.get_by_role("button", name="Enable: mary@example.com").click()
    expect(page.get_by_text("is enabled, and can log in again.")).to_be_visible()
    assert account(fresh, MARY[0]) == ("user", 0)
    log_in(mary, *MARY, "Account")


def test_a_change_long_after_the_login_needs_the_password(devices: Devices, fresh: Site) -> None:
    page = devices.of(ADMIN, "/users")
    fresh.database.age_sessions(601)

    act(page, "Make admin", JOHN[0])
    dialog = page.get_by_role("dialog", name="Confirm that it is you")
    password = dialog.get_by_role("textbox", name="Password")
    expect(password).to_be_focused()
    password.fill("Wrong@123")
    dialog.get_by_role("button", name="Continue").click()
    expect(dialog.get_by_text("This is not your password")).to_be_visible()
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_have_count(0)
    expect(row(page, JOHN[0])).to_contain_text("This needs your password again.")
    assert account(fresh, JOHN[0]) == ("user", 0)

    page.get_by_role("button", name="Make admin", exact=True).click()
    password.fill(ADMIN[1])
    page.keyboard.press("Enter")
    expect(page.get_by_text("john@example.com is an administrator now.")).to_be_visible()
    assert account(fresh, JOHN[0]) == ("admin", 0)
    cookies(page)
    # The session before the second login has ended.
    live = fresh.database.execute(
        "SELECT count(*) FROM sessions WHERE account_id = 3 AND ended_at IS NULL")
    assert live == [(1,)]


def test_administrators_cannot_demote_or_disable_themselves(devices: Devices, fresh: Site) -> None:
    fresh.database.set_role(JOHN[0], "admin")
    page = devices.of(ADMIN, "/users")
    own = row(page, ADMIN[0])
    expect(own).to_contain_text("You")
    expect(own.get_by_role("button")).to_have_count(0)
    expect(row(page, MARY[0]).get_by_role("button")).to_have_count(2)

    # John logs in without the page noticing, so it still has buttons for John's own account.
    client = fresh.client()
    tokens = client.log_in(*JOHN)
    client.close()
    page.context.clear_cookies()
    page.context.add_cookies([
        {"name": "accessToken", "value": tokens.access, "url": devices.address}])
    act(page, "Disable", JOHN[0])
    expect(page.get_by_text(
        "You cannot take rights from your own account. Another administrator can."
    )).to_be_visible()
    expect(row(page, JOHN[0])).to_contain_text("You")
    assert account(fresh, JOHN[0]) == ("admin", 0)


def test_other_users_see_that_the_page_is_for_administrators(devices: Devices, fresh: Site) -> None:
    page = devices.new()
    page.goto(f"{devices.address}/users")
    expect(page.get_by_text("Please log in to see this page.")).to_be_visible()
    log_in(page, *JOHN, "For administrators")
    cookies(page)
    expect(page.get_by_text("This page is for administrators.")).to_be_visible()
    assert page.title() == "For administrators · localhost"
    assert page.url.endswith("/users")

    # A user who becomes an administrator does not have to log in again.
    fresh.database.set_role(JOHN[0], "admin")
    focus_window(page)
    expect(row(page, MARY[0])).to_be_visible()

    # A user may lose the role without the page noticing.
    fresh.database.set_role(JOHN[0], "user")
    act(page, "Disable", MARY[0])
    expect(page.get_by_text("This page is for administrators.")).to_be_visible()
    assert account(fresh, MARY[0]) == ("user", 0)


def test_a_deleted_account_is_removed_from_the_list(devices: Devices, fresh: Site) -> None:
    page = devices.of(ADMIN, "/users")
    expect(row(page, MARY[0])).to_be_visible()
    fresh.database.execute("DELETE FROM accounts WHERE email = ?", JOHN[0])

    act(page, "Disable", JOHN[0])

    expect(page.get_by_text("john@example.com has already been removed.")).to_be_visible()
    expect(row(page, JOHN[0])).to_have_count(0)
    expect(count(page)).to_have_text("2 accounts")
    assert focused(page) == "Make admin: mary@example.com"


def test_accounts_are_shown_page_by_page(devices: Devices, fresh: Site) -> None:
    fresh.database.add_accounts("crowd", 247)
    page = devices.of(ADMIN, "/users")
    expect(count(page)).to_have_text("250 accounts")
    rows = page.get_by_role("main").get_by_role("listitem")
    expect(rows).to_have_count(100)

    page.get_by_role("button", name="Show more").press("Enter")
    expect(row(page, "crowd-150@")).to_be_attached()
    page.keyboard.press("End")  # loads the rest, because the end is near
    expect(rows).to_have_count(250)
    expect(count(page)).to_have_text("250 accounts")
    expect(page.get_by_role("button", name="Show more")).to_have_count(0)
    act(page, "Disable", "crowd-246@example.com")
    expect(row(page, "crowd-246@")).to_contain_text("Disabled")


def test_the_search_runs_while_the_user_types(devices: Devices, fresh: Site) -> None:
    fresh.database.add_accounts("crowd", 247)
    page = devices.of(ADMIN, "/users?q=MARY", "Users")
    assert page.url.endswith("/users?q=MARY")
    expect(count(page)).to_have_text("1 account found")
    expect(row(page, MARY[0])).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="1 account")).to_be_attached()

    search(page).press("End")
    search(page).press_sequentially("x")
    expect(page.get_by_role("status").filter(has_text="No account has an address")).to_have_text(
        "No account has an address that begins with “MARYx”.")
    expect(count(page)).to_have_text("")
    search(page).fill("")
    expect(count(page)).to_have_text("250 accounts")
    assert page.url.endswith("/users")

    search(page).press_sequentially("Crowd-24")
    expect(count(page)).to_have_text("8 accounts found")
    rows = page.get_by_role("main").get_by_role("listitem")
    expect(rows.first).to_contain_text("crowd-240@example.com")
    expect(rows.last).to_contain_text("crowd-24@example.com")
    expect(search(page)).to_be_focused()
    page.reload()
    expect(search(page)).to_have_value("Crowd-24")
    expect(count(page)).to_have_text("8 accounts found")

    page.get_by_role("link", name="Account").click()
    expect(page.get_by_role("heading", name="Account", exact=True)).to_be_visible()
    page.go_back()
    expect(search(page)).to_have_value("Crowd-24")
    act(page, "Disable", "crowd-241@example.com")
    expect(row(page, "crowd-241@")).to_contain_text("Disabled")


def test_search_results_are_shown_page_by_page(devices: Devices, fresh: Site) -> None:
    fresh.database.add_accounts("crowd", 247)
    page = devices.of(ADMIN, "/users")
    rows = page.get_by_role("main").get_by_role("listitem")
    expect(rows).to_have_count(100)
    page.keyboard.press("End")
    expect(rows).to_have_count(200)

    search(page).fill(" crowd- ")
    expect(count(page)).to_have_text("The first 100 accounts found")
    expect(rows).to_have_count(100)
    expect(rows.first).to_be_in_viewport()
    page.get_by_role("button", name="Show more").press("Enter")
    expect(rows).to_have_count(200)
    page.keyboard.press("End")
    expect(count(page)).to_have_text("247 accounts found")
    addresses = rows.locator("bdi").all_text_contents()
    assert addresses == sorted(f"crowd-{number}@example.com" for number in range(247))


# Reports, together with every change, an earlier one: that the element was out of view.
TWO_CHANGES_AT_ONCE = """
window.IntersectionObserver = class extends IntersectionObserver {
    constructor(report, options) {
        super((changes) => report([{ isIntersecting: false }, ...changes]), options);
    }
};
"""


def test_the_end_is_noticed_when_the_browser_reports_two_changes_at_once(
    devices: Devices, fresh: Site
) -> None:
    fresh.database.add_accounts("crowd", 147)
    page = devices.of(ADMIN, "/users")
    page.add_init_script(TWO_CHANGES_AT_ONCE)
    page.reload()
    expect(count(page)).to_have_text("150 accounts")
    page.keyboard.press("End")
    expect(page.get_by_role("main").get_by_role("listitem")).to_have_count(150)


def test_a_late_response_never_replaces_a_newer_one(devices: Devices) -> None:
    page = devices.of(ADMIN, "/users")
    aborted: list[str] = []
    page.on("requestfailed", lambda request: aborted.append(request.url))
    held: list[Route] = []
    page.route("**/api/users?*q=m", lambda route: held.append(route))

    with page.expect_request("**/api/users?*q=m"):
        search(page).fill("m")
    search(page).fill("jo")
    expect(row(page, MARY[0])).to_have_count(0)
    expect(row(page, JOHN[0])).to_be_visible()

    assert [url[-3:] for url in aborted] == ["q=m"]
    for route in held:
        route.fulfill(json=[])
    page.evaluate("new Promise(requestAnimationFrame)")
    expect(count(page)).to_have_text("1 account found")
    expect(row(page, JOHN[0])).to_be_visible()


def test_a_failed_search_is_retried(
    devices: Devices, fresh: Site
) -> None:
    page = devices.of(ADMIN, "/users")
    rows = page.get_by_role("main").get_by_role("listitem")
    expect(rows).to_have_count(3)
    fresh.backend.stop()
    try:
        search(page).fill("jo")
        expect(page.get_by_role("status").filter(has_text="cannot be reached")).to_be_visible()
        expect(page.get_by_role("button", name="Try again")).to_be_visible()
        # Nothing is shown that could be mistaken for results.
        expect(rows).to_have_count(0)
        expect(count(page)).to_have_text("")
    finally:
        fresh.backend.start()

    expect(count(page)).to_have_text("1 account found", timeout=15_000)
    expect(row(page, JOHN[0])).to_be_visible()


def test_an_unavailable_server_is_reported_and_retried(devices: Devices, fresh: Site) -> None:
    fresh.database.add_accounts("crowd", 147)
    page = devices.of(ADMIN, "/users")
    rows = page.get_by_role("main").get_by_role("listitem")
    expect(rows).to_have_count(100)
    fresh.backend.stop()
    try:
        act(page, "Make admin", JOHN[0])
        expect(row(page, JOHN[0]).get_by_role("alert")).to_contain_text("cannot be reached")
        page.keyboard.press("End")
        expect(page.get_by_role("button", name="Try again")).to_be_visible()
        expect(page.get_by_role("status").filter(has_text="cannot be reached")).to_be_visible()
        expect(rows).to_have_count(100)
    finally:
        fresh.backend.start()

    expect(rows).to_have_count(150)
    page.get_by_role("button", name="Make admin", exact=True).click()
    expect(page.get_by_text("john@example.com is an administrator now.")).to_be_visible()


def test_hostile_addresses_are_text(devices: Devices, fresh: Site) -> None:
    for number, email in enumerate(HOSTILE, 4):
        fresh.database.execute(
            "INSERT INTO accounts (id, email, password_hash, role, is_disabled, created_at)"
            " VALUES (?, ?, '', 'user', 0, 1700000000000)", number, email)
    page = devices.of(ADMIN, "/users", viewport={"width": 320, "height": 640})

    for email in HOSTILE:
        shown = page.locator("bdi").get_by_text(email, exact=True)
        expect(shown).to_be_visible()
        act(page, "Disable", email)
        message = page.get_by_role("status").filter(
            has_text="is disabled, and logged out everywhere")
        expect(message.locator("bdi")).to_have_text(email)
    assert page.evaluate("window.harmed") is None
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_every_action_can_be_reached_by_keyboard(devices: Devices) -> None:
    page = devices.of(ADMIN, "/users")
    expect(row(page, MARY[0])).to_be_visible()
    expect(page.get_by_role("heading", name="Users", exact=True)).to_be_focused()

    page.keyboard.press("Tab")
    expect(search(page)).to_be_focused()
    reached = []
    for _ in range(4):
        page.keyboard.press("Tab")
        reached.append(focused(page))
    assert reached == [
        f"{action}: {email}" for email in ("john@example.com", "mary@example.com")
        for action in ("Make admin", "Disable")]

    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    assert focused(page) == "Disable"
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Enable: mary@example.com")).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_users_fit_a_narrow_phone(devices: Devices, scheme: str) -> None:
    page = devices.of(
        ADMIN, "/users", viewport={"width": 320, "height": 640}, color_scheme=scheme)
    expect(row(page, MARY[0])).to_be_visible()
    page.get_by_role("button", name="Disable: john@example.com").click()

    assert page.evaluate("document.documentElement.scrollWidth") == 320
    # A page cannot scroll to the left, so controls there would be out of reach.
    for part in page.locator("a:not(.skip):visible, button:visible").all():
        box = part.bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= 320, part.inner_text()
