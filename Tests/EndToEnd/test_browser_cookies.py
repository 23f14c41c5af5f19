"""The page without cookies, without a session, and after Back from another page."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from devices import JOHN, Devices
from harness.browser import browser, page_errors
from harness.engines import WebKitTab, webkit_devices
from harness.polling import until
from harness.site import Site
from page import cookies


def failed_loads(page: Page) -> list[str]:
    """Returns a list that collects the red lines of the console about failed requests."""
    found: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" in message.text:
            found.append(message.text)

    page.on("console", note)
    return found


def test_a_login_whose_cookies_are_blocked_says_so(fresh: Site) -> None:
    directory = fresh.directory / "blocked"
    settings = directory / "profile" / "Default" / "Preferences"
    settings.parent.mkdir(parents=True)
    # 2: block. The browser then refuses localStorage, too.
    settings.write_text(json.dumps({
        "profile": {"default_content_setting_values": {"cookies": 2}}}))
    with browser(directory, fresh.authority) as window:
        page = window.new_page()
        errors = page_errors(page)
        page.goto(f"https://localhost:{fresh.nginx.port}/")
        page.get_by_role("textbox", name="Email").fill(JOHN[0])
        page.get_by_role("textbox", name="Password").fill(JOHN[1])
        page.get_by_role("button", name="Log in").click()

        expect(page.get_by_role("alert").get_by_text("did not keep the cookies")).to_be_visible()
        expect(page.get_by_role("alert").get_by_text("https://")).to_be_visible()
        assert page.context.cookies() == []
        storage = page.evaluate("() => { try { localStorage } catch { return 'blocked' } }")
        assert storage == "blocked"
        assert errors == []


@pytest.mark.parametrize("path", ["/", "/login", "/signup"])
def test_a_page_for_guests_leaves_the_console_clean(devices: Devices, path: str) -> None:
    """The first load asks who is signed in, as nothing is known; later ones need not."""
    page = devices.new()
    page.goto(devices.address + path)
    until(
        lambda: "false" in page.evaluate("Object.values(localStorage)"),
        "the browser knows that no one is signed in")
    found = failed_loads(page)
    for _ in range(2):
        page.reload(wait_until="networkidle")
        expect(page.get_by_role("textbox", name="Email")).to_be_visible()
    assert found == []


def test_after_a_logout_the_console_stays_clean(devices: Devices) -> None:
    page = devices.of(JOHN, "/people")
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    found = failed_loads(page)
    page.goto(devices.address, wait_until="networkidle")
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    assert found == []


def test_a_member_is_recognized_although_the_browser_knows_of_no_login(devices: Devices) -> None:
    """The storage may be lost, or the login may have come from another program."""
    page = devices.of(JOHN, "/people")
    page.evaluate("localStorage.clear()")
    page.goto(devices.address)
    expect(page.get_by_role("heading", name="People")).to_be_visible()

    page.evaluate("Object.keys(localStorage).forEach(key => localStorage.setItem(key, 'false'))")
    page.goto(f"{devices.address}/account")
    expect(page.get_by_role("heading", name="Account", exact=True)).to_be_visible()
    page.goto(devices.address)
    expect(page.get_by_role("heading", name="People")).to_be_visible()


def test_a_login_by_a_plain_form_is_noticed(devices: Devices) -> None:
    """The module knows nothing of it, but the response redirects to the page."""
    page = devices.of(JOHN, "/people")
    page.evaluate("Object.keys(localStorage).forEach(key => localStorage.setItem(key, 'false'))")
    page.route("**/form-login", lambda route: route.fulfill(status=303, headers={"Location": "/"}))

    page.goto(f"{devices.address}/form-login")

    expect(page.get_by_role("heading", name="People")).to_be_visible()


def leave(page: Page) -> None:
    """Sends the event of a page that goes into the browser's cache. Playwright turns it off."""
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")


def come_back(page: Page) -> None:
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")


def test_back_shows_the_view_again_after_the_server_was_asked(devices: Devices) -> None:
    page = devices.of(JOHN, "/people")
    expect(page.get_by_role("textbox", name="First name").first).to_be_visible()
    page.get_by_role("textbox", name="First name").first.fill("Typed")
    leave(page)
    expect(page.locator("#view")).to_be_hidden()
    expect(page.get_by_role("button", name="Log out")).to_have_count(0)

    with page.expect_response("**/api/auth/me"):
        come_back(page)

    expect(page.get_by_role("heading", name="People")).to_be_visible()
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
    expect(page.get_by_role("textbox", name="First name").first).to_have_value("Typed")


def test_back_never_shows_the_data_of_a_user_who_has_logged_out(devices: Devices) -> None:
    page = devices.of(JOHN, "/people")
    page.evaluate("""() => {
        globalThis.shown = [];
        const note = () => document.querySelector('#view').checkVisibility()
            && shown.push(document.querySelector('#view h1').textContent);
        new MutationObserver(note).observe(
            document.body, { subtree: true, childList: true, attributes: true });
    }""")
    leave(page)
    page.evaluate("fetch('/api/auth/logout', { method: 'POST' }).then(r => r.text())")
    page.evaluate("shown.length = 0")
    come_back(page)

    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    assert set(page.evaluate("shown")) == {"Log in"}


def test_back_shows_nothing_while_the_server_is_away(devices: Devices, fresh: Site) -> None:
    page = devices.of(JOHN, "/account")
    leave(page)
    fresh.backend.stop()
    try:
        come_back(page)
        expect(page.get_by_role("heading", name="Not available")).to_be_visible()
        for text in page.get_by_text(JOHN[0]).all():
            expect(text).to_be_hidden()
        expect(page.get_by_role("button", name="Log out")).to_have_count(0)
    finally:
        fresh.backend.start()

    expect(page.get_by_role("heading", name="Account", exact=True)).to_be_visible(timeout=20_000)
    expect(page.get_by_role("button", name="Log out", exact=True)).to_be_visible()
    cookies(page)


def test_back_in_webkit_shows_nothing_of_a_user_who_has_logged_out(
    fresh: Site, tmp_path: Path
) -> None:
    """WebKit really keeps the page in its cache, also when it is driven by a test."""
    with webkit_devices(tmp_path / "back", fresh.authority) as open_tab:
        tab = open_tab(f"https://localhost:{fresh.nginx.port}")
        assert isinstance(tab, WebKitTab)
        tab.go("/")
        tab.fill("Email", JOHN[0])
        tab.fill("Password", JOHN[1])
        tab.press("Log in")
        tab.read("Clark")
        tab.run("""() => {
            globalThis.hidden = [];
            const note = ({ type, persisted }) => hidden.push(
                [type, persisted, document.querySelector('#view').hidden]);
            ['pagehide', 'pageshow'].forEach((type) => addEventListener(type, note));
        }""")
        tab.go("/health")
        tab.run("() => fetch('/api/auth/logout', { method: 'POST' }).then(r => r.text())")
        fresh.backend.stop()
        try:
            tab.driver.back()
            tab.read("Not available")
            assert tab.run("() => globalThis.hidden") == [
                ["pagehide", True, True], ["pageshow", True, True]]
            assert "Clark" not in tab.text() and JOHN[0] not in tab.text()
        finally:
            fresh.backend.start()
        tab.find("heading", "Log in")
        assert JOHN[0] not in tab.text()
