"""While the server is slow, the page shows that it waits, and nothing moves."""


import pytest
from playwright.sync_api import Page, Route, expect

from devices import ADMIN, JOHN, Devices
from page import cookies


def hold(page: Page, pattern: str) -> list[Route]:
    """Holds matching requests back until the test continues them."""
    held: list[Route] = []
    page.route(pattern, lambda route: held.append(route))
    return held


def release(page: Page, held: list[Route]) -> None:
    for route in held:
        route.continue_()
    page.unroute_all()


def test_a_first_load_is_never_an_empty_page(devices: Devices) -> None:
    page = devices.new()
    held = hold(page, "**/app.js")
    page.goto(f"{devices.address}/login", wait_until="commit")

    expect(page.get_by_role("main").get_by_text("Loading…")).to_be_visible(timeout=3_000)
    release(page, held)
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    expect(page.get_by_text("Loading…")).to_be_hidden()


def test_a_button_shows_that_its_action_takes_long(devices: Devices) -> None:
    page = devices.new()
    page.goto(devices.address)
    page.get_by_role("textbox", name="Email").fill(JOHN[0])
    page.get_by_role("textbox", name="Password").fill(JOHN[1])
    button = page.get_by_role("main").get_by_role("button", name="Log in")
    size = button.bounding_box()
    held = hold(page, "**/api/auth/login")
    button.click()

    expect(button).to_have_attribute("data-waiting", "")
    assert button.evaluate("button => getComputedStyle(button, '::after').width") == "16px"
    assert button.bounding_box() == size
    release(page, held)
    expect(page.get_by_role("heading", name="People")).to_be_visible()
    cookies(page)

    held = hold(page, "**/logout")
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("button", name="Log out")).to_have_attribute("data-waiting", "")
    release(page, held)
    expect(page.get_by_text("You are logged out.")).to_be_visible()


@pytest.mark.parametrize(("path", "text"), [("/people", "Mike"), ("/users", "mary@")])
def test_a_search_shows_that_it_takes_long(path: str, text: str, devices: Devices) -> None:
    page = devices.of(ADMIN, path)
    expect(page.get_by_text(text)).to_be_visible()
    held = hold(page, "**/api/*?*q=*")
    page.get_by_role("searchbox").press_sequentially("jo", delay=200)

    form = page.get_by_role("search")
    expect(form).to_have_attribute("data-waiting", "")
    expect(page.get_by_text(text)).to_be_visible()
    release(page, held[-1:])
    expect(page.get_by_text(text)).to_have_count(0)
    expect(form).not_to_have_attribute("data-waiting", "")


def test_a_list_that_takes_long_says_so(devices: Devices) -> None:
    page = devices.of(ADMIN, "/account")
    held = hold(page, "**/api/people?*")
    page.get_by_role("link", name="People").click()

    loading = page.locator("#view").get_by_role("status").get_by_text("Loading…")
    expect(loading).to_be_visible()
    release(page, held)
    expect(page.get_by_text("Mike")).to_be_visible()
    expect(loading).to_have_count(0)


def test_a_view_that_takes_long_says_so_above_the_previous_one(devices: Devices) -> None:
    page = devices.of(ADMIN, "/people")
    held = hold(page, "**/views/users.js")
    page.get_by_role("link", name="Users").click()

    loading = page.get_by_role("status").get_by_text("Loading…")
    expect(loading).to_be_visible()
    expect(page.get_by_text("Mike")).to_be_visible()
    release(page, held)
    expect(page.get_by_text("3 accounts").first).to_be_visible()
    expect(loading).to_have_count(0)
