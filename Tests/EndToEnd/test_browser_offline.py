"""While the server is unavailable, the page says so, loses nothing, and retries on its own."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from devices import ADMIN, JOHN, Devices, focused
from harness import log_leaks
from harness.browser import browser, executable
from harness.site import Site
from page import cookies, log_in

UNREACHABLE = "The server cannot be reached."
KEPT = "The server cannot be reached. Please try again in a moment. What you typed is kept."
NEW, BETTER = ("newcomer@example.com", "Newc0mer!pass"), "Better@123"
# The milliseconds to wait for a retry, whose delay may have grown by then.
RETRY = 20_000


@pytest.fixture(scope="module")
def chromium(site: Site) -> Iterator[Browser]:
    assert executable(), "chromium is missing: apt-get install chromium libnss3-tools"
    log_leaks.register(*NEW, BETTER)
    with browser(site.directory / "offline", site.authority) as window:
        yield window.browser


@contextmanager
def backend_down(site: Site) -> Iterator[None]:
    """Stops the backend, so that nginx responds with 502."""
    site.backend.stop()
    try:
        yield
    finally:
        site.backend.start()


@contextmanager
def nginx_down(site: Site) -> Iterator[None]:
    """Stops nginx, so that there is no response at all."""
    site.nginx.stop()
    try:
        yield
    finally:
        site.nginx.start()


def banner(page: Page):
    return page.locator("#connection").get_by_text(UNREACHABLE)


def test_a_first_load_waits_for_the_server(devices: Devices, fresh: Site) -> None:
    page = devices.of(JOHN, "/people")
    with backend_down(fresh):
        page.goto(f"{devices.address}/account?from=here")
        expect(page.get_by_role("heading", name="Not available")).to_be_visible()
        assert page.title() == "Not available · localhost"
        expect(banner(page)).to_be_visible()
        page.get_by_role("button", name="Try now").focus()
        page.evaluate("loaded = true; message = document.querySelector('#connection p')")
        for _ in range(2):
            with page.expect_response("**/api/auth/refresh/status", timeout=RETRY):
                pass

        # The retries have changed neither the focus nor the message.
        assert focused(page) == "Try now"
        assert page.evaluate("message.isConnected")
        assert page.url == f"{devices.address}/account?from=here"

    expect(page.get_by_role("heading", name="Account", exact=True)).to_be_focused(timeout=RETRY)
    expect(page.get_by_text("This device")).to_be_visible()
    expect(banner(page)).to_have_count(0)
    assert page.evaluate("loaded"), "the whole page was reloaded"
    assert page.url == f"{devices.address}/account?from=here"
    assert page.title() == "Account · localhost"
    cookies(page)


def stop_clock(page: Page) -> None:
    """Stops the page's clock from the next load on; only the test advances it."""
    page.clock.install(time=0)
    page.clock.pause_at(1)


def test_the_delay_between_retries_grows(devices: Devices, fresh: Site) -> None:
    page = devices.new()
    stop_clock(page)
    requests: list[Request] = []
    page.on("request", lambda request: requests.append(request)
            if request.url.endswith("/api/auth/refresh/status") else None)
    with backend_down(fresh):
        page.goto(devices.address)
        expect(banner(page)).to_be_visible()
        for attempt, seconds in enumerate((1, 2, 4, 8, 16, 30, 30), 1):
            page.clock.run_for(seconds * 1000 - 1)
            assert len(requests) == attempt, f"retried before {seconds} s had passed"
            with page.expect_response("**/api/auth/refresh/status"):
                page.clock.run_for(1)
            expect(page.locator("[aria-disabled]")).to_have_count(0)

        page.get_by_role("button", name="Try now").click()
        expect(page.get_by_text("Still not available.")).to_be_visible()

    # The clock is stopped, so only the button causes a retry.
    page.get_by_role("button", name="Try now").click()
    expect(page.get_by_role("textbox", name="Email")).to_be_focused()


def test_the_page_retries_as_soon_as_the_network_is_back(devices: Devices, fresh: Site) -> None:
    page = devices.new()
    stop_clock(page)
    with backend_down(fresh):
        page.goto(f"{devices.address}/people")
        expect(banner(page)).to_be_visible()
        page.context.set_offline(True)
        expect(page.get_by_text("You are offline.")).to_be_visible()
    page.context.set_offline(False)

    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    expect(page.get_by_text("Please log in to see this page.")).to_be_visible()
    expect(page.get_by_text("You are offline.")).to_have_count(0)
    log_in(page, *JOHN)
    cookies(page)


def test_a_login_that_could_not_be_sent_keeps_what_was_typed(devices: Devices, fresh: Site) -> None:
    page = devices.new()
    page.goto(devices.address)
    page.get_by_role("textbox", name="Email").fill(JOHN[0])
    page.get_by_role("textbox", name="Password").fill(JOHN[1])
    with backend_down(fresh):
        page.get_by_role("button", name="Log in").click()
        expect(page.get_by_role("alert").get_by_text(KEPT)).to_be_visible()

    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="People")).to_be_visible()
    cookies(page)


def test_the_login_page_does_not_wait_for_the_server(devices: Devices, fresh: Site) -> None:
    page = devices.new()
    stop_clock(page)
    email = page.get_by_role("textbox", name="Email")
    with backend_down(fresh):
        page.goto(f"{devices.address}/login")
        email.fill(JOHN[0])
        expect(banner(page)).to_be_visible()
        with page.expect_response("**/api/auth/refresh/status"):
            page.clock.run_for(1000)
        expect(banner(page)).to_be_visible()

    page.clock.run_for(2000)
    expect(banner(page)).to_have_count(0)
    expect(email).to_have_value(JOHN[0])
    expect(email).to_be_focused()
    page.clock.resume()
    page.get_by_role("textbox", name="Password").fill(JOHN[1])
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="People")).to_be_visible()
    cookies(page)


def test_a_user_is_redirected_from_the_login_page_once_recognized(
        devices: Devices, fresh: Site) -> None:
    page = devices.of(JOHN, "/people")
    with backend_down(fresh):
        page.goto(f"{devices.address}/login?return=/account")
        expect(page.get_by_role("heading", name="Log in")).to_be_visible()
        expect(banner(page)).to_be_visible()

    expect(page.get_by_role("heading", name="Account", exact=True)).to_be_focused(timeout=RETRY)
    expect(banner(page)).to_have_count(0)
    assert page.url == f"{devices.address}/account"


def test_a_signup_that_could_not_be_sent_keeps_what_was_typed(
        devices: Devices, fresh: Site) -> None:
    page = devices.new()
    page.goto(f"{devices.address}/signup")
    page.get_by_role("textbox", name="Email").fill(NEW[0])
    page.get_by_role("textbox", name="Password").fill(NEW[1])
    with nginx_down(fresh):
        page.get_by_role("button", name="Sign up").click()
        expect(page.get_by_role("alert").get_by_text(KEPT)).to_be_visible()

    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("heading", name="People")).to_be_visible()
    cookies(page)


def test_a_person_that_could_not_be_added_stays_in_the_form(devices: Devices, fresh: Site) -> None:
    page = devices.of(JOHN, "/people")
    page.get_by_role("textbox", name="First name").fill("Ada")
    page.get_by_role("textbox", name="Last name").fill("Lovelace")
    with backend_down(fresh):
        page.get_by_role("button", name="Add person").click()
        expect(page.get_by_role("alert").get_by_text(KEPT)).to_be_visible()

    page.get_by_role("button", name="Add person").click()
    expect(page.get_by_role("row", name="Ada Lovelace")).to_be_visible()


def test_the_account_loads_while_the_user_types(devices: Devices, fresh: Site) -> None:
    page = devices.of(JOHN, "/people")
    with backend_down(fresh):
        page.get_by_role("link", name="Account").click()
        expect(page.get_by_role("status").get_by_text(UNREACHABLE)).to_be_visible()
        page.get_by_role("textbox", name="Current password").fill(JOHN[1])
        page.get_by_role("textbox", name="New password").fill(BETTER)
        page.get_by_role("button", name="Change password").click()
        expect(page.get_by_role("alert").get_by_text(KEPT)).to_be_visible()
        page.get_by_role("textbox", name="New password").focus()

    expect(page.get_by_text("This device")).to_be_visible(timeout=RETRY)
    expect(page.get_by_role("status").get_by_text(UNREACHABLE)).to_have_count(0)
    expect(page.get_by_role("textbox", name="New password")).to_be_focused()
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_text("Your password is changed.")).to_be_visible()


def test_the_button_loads_the_sessions_without_waiting(
        devices: Devices, fresh: Site) -> None:
    page = devices.new()
    stop_clock(page)
    page.goto(f"{devices.address}/people")
    log_in(page, *JOHN)
    cookies(page)
    with backend_down(fresh):
        page.get_by_role("link", name="Account").click()
        expect(page.get_by_role("status").get_by_text(UNREACHABLE)).to_be_visible()

    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("This device")).to_be_visible()
    expect(page.get_by_role("heading", name="Where you are logged in")).to_be_focused()
    expect(page.get_by_role("button", name="Try again")).to_have_count(0)


def test_a_view_that_cannot_be_loaded_does_not_replace_the_current_one(
        devices: Devices, fresh: Site) -> None:
    page = devices.of(ADMIN, "/people")
    # The account's view is not loaded yet, so Back cannot show it.
    page.evaluate("history.replaceState(null, '', '/account')")
    page.evaluate("history.pushState(null, '', '/people')")
    page.get_by_role("textbox", name="First name").fill("Ada")
    requested: list[str] = []
    page.on("request", lambda request: "users.js" in request.url and requested.append(request.url))
    with nginx_down(fresh):
        for _ in range(2):
            page.get_by_role("link", name="Users").click()
            expect(page.get_by_text("The page could not be loaded.")).to_be_visible()
        page.get_by_role("button", name="Log out").click()
        expect(page.get_by_text("You are still logged in.")).to_be_visible()
        page.go_back()
        expect(page.get_by_text("The page could not be loaded.")).to_be_visible()
        page.wait_for_url("**/people")
        assert page.title() == "People · localhost"
        expect(page.get_by_role("textbox", name="First name")).to_have_value("Ada")

    page.get_by_role("link", name="Users").click()
    expect(page.get_by_text("3 accounts").first).to_be_visible()
    assert page.url == f"{devices.address}/users"
    # Browsers may not request the same address again after a failure.
    assert len(set(requested)) == 3, requested


def test_a_view_that_fails_to_load_after_the_login_is_retried(
        devices: Devices, fresh: Site) -> None:
    page = devices.new()
    page.goto(devices.address)
    page.route("**/views/people.js*", lambda route: route.abort())
    page.get_by_role("textbox", name="Email").fill(JOHN[0])
    page.get_by_role("textbox", name="Password").fill(JOHN[1])
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Not available")).to_be_focused()
    cookies(page)
    page.unroute_all()

    expect(page.get_by_role("heading", name="People")).to_be_visible(timeout=RETRY)


def test_the_skip_link_keeps_what_was_typed(devices: Devices) -> None:
    page = devices.new()
    page.goto(f"{devices.address}/login")
    page.get_by_role("textbox", name="Email").fill(JOHN[0])
    page.get_by_role("link", name="Skip to content").press("Enter")

    expect(page.get_by_role("main")).to_be_focused()
    expect(page.get_by_role("textbox", name="Email")).to_have_value(JOHN[0])


def test_a_login_page_that_loads_late_still_shows_its_notice(devices: Devices) -> None:
    page = devices.new()
    page.route("**/views/login.js*", lambda route: route.abort())
    page.goto(f"{devices.address}/account")
    expect(page.get_by_role("heading", name="Not available")).to_be_visible()
    page.unroute_all()

    expect(page.get_by_text("Please log in to see this page.")).to_be_visible(timeout=RETRY)
    log_in(page, *JOHN, "Account")
    cookies(page)


def test_a_page_whose_script_is_missing_offers_to_reload(devices: Devices) -> None:
    page = devices.new()
    page.route("**/form.js", lambda route: route.abort())
    page.goto(f"{devices.address}/signup")
    expect(page.get_by_text("This is taking longer than it should.")).to_be_visible(timeout=RETRY)
    page.unroute_all()

    page.get_by_role("link", name="Load the page again").click()
    expect(page.get_by_role("heading", name="Sign up")).to_be_visible()
    expect(page.get_by_text("This is taking longer than it should.")).to_be_hidden()
