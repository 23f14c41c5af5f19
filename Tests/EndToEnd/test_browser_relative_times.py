"""The times on the account page stay correct while the page is open."""


import pytest
from playwright.sync_api import Page, expect

from devices import JOHN, Devices
from harness.site import Site


@pytest.fixture
def page(devices: Devices) -> Page:
    """The account page, which lists another device."""
    devices.of(JOHN, "/people")
    page = devices.of(JOHN, "/people")
    page.clock.install()
    page.get_by_role("link", name="Account").click()
    expect(page.get_by_text("last seen just now")).to_be_visible()
    return page


def set_hidden(page: Page, is_hidden: bool) -> None:
    """Hides or shows the page like a switch of tabs, which a headless browser cannot do."""
    page.evaluate(
        "hidden => { Object.defineProperty(document, 'hidden', { get: () => hidden, configurable:"
        " true }); document.dispatchEvent(new Event('visibilitychange')); }", is_hidden)


def test_the_times_are_updated_while_the_page_is_open(page: Page) -> None:
    page.clock.run_for("02:10")
    expect(page.get_by_text("last seen 2 minutes ago")).to_be_visible()
    page.clock.run_for("01:00:00")
    expect(page.get_by_text("last seen 1 hour ago")).to_be_visible()
    expect(page.get_by_text("logged in 1 hour ago")).to_have_count(2)


def test_the_times_are_not_updated_while_the_page_is_hidden(page: Page) -> None:
    set_hidden(page, True)
    page.clock.run_for("02:10")
    expect(page.get_by_text("last seen just now")).to_be_visible()

    set_hidden(page, False)
    expect(page.get_by_text("last seen 2 minutes ago")).to_be_visible()


def test_the_list_is_reloaded_when_the_page_is_shown(page: Page, fresh: Site) -> None:
    set_hidden(page, True)
    client = fresh.client()
    client.log_in(*JOHN)
    client.close()

    set_hidden(page, False)
    expect(page.get_by_role("main").get_by_role("listitem").filter(
        has_text="logged in just now")).to_have_count(3)
