"""The page is calm and dense: what matters stands out, and rows waste no space."""


import pytest
from playwright.sync_api import Locator, Page, expect

from devices import ADMIN, Devices

DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 640}
NARROW = {"width": 320, "height": 568}


def style(node: Locator, name: str) -> str:
    return node.evaluate("(node, name) => getComputedStyle(node)[name]", name)


def colours(page: Page) -> dict[str, str]:
    """The colours of the theme, as the browser computes them."""
    return page.evaluate("""() => Object.fromEntries(['page', 'accent', 'danger'].map(name => {
        const probe = document.createElement('i');
        probe.style.color = `var(--${name})`;
        document.body.append(probe);
        const { color } = getComputedStyle(probe);
        probe.remove();
        return [name, color];
    }))""")


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE, NARROW], ids=["desktop", "phone", "narrow"])
def test_the_header_has_the_menu_the_user_and_a_quiet_logout(
        viewport: dict[str, int], devices: Devices) -> None:
    page = devices.of(ADMIN, "/people", viewport=viewport)
    menu = page.get_by_role("navigation")
    out, add = menu.get_by_role("button", name="Log out"), page.get_by_role(
        "button", name="Add person")

    names = menu.locator("a, .username, button").all_inner_texts()
    assert names == ["People", "Users", "Account", ADMIN[0], "Log out"]
    expect(menu.get_by_text(ADMIN[0])).to_be_in_viewport()
    assert int(style(out, "fontWeight")) < int(style(add, "fontWeight"))
    assert style(out, "borderTopColor") == "rgba(0, 0, 0, 0)"
    header = page.get_by_role("banner").bounding_box()
    assert header and header["height"] <= (64 if viewport == DESKTOP else 110)


def test_rows_are_dense_and_their_buttons_quiet(devices: Devices) -> None:
    page = devices.of(ADMIN, "/people", viewport=DESKTOP)
    people = page.locator("tbody tr")
    page_colours = colours(page)
    expect(people).to_have_count(2)
    for row in people.all():
        assert 40 <= row.bounding_box()["height"] <= 44
        for button in row.get_by_role("button").all():
            assert style(button, "fontWeight") == "400"
            assert style(button, "color") not in (page_colours["accent"], page_colours["danger"])

    page.get_by_role("link", name="Users").click()
    accounts = page.get_by_role("main").get_by_role("listitem")
    expect(accounts).to_have_count(3)
    for row in accounts.all():
        assert 40 <= row.bounding_box()["height"] <= 44


@pytest.mark.parametrize("viewport", [PHONE, NARROW], ids=["phone", "narrow"])
def test_a_phone_shows_people_on_the_first_screen(
        viewport: dict[str, int], devices: Devices) -> None:
    page = devices.of(ADMIN, "/people", viewport=viewport, has_touch=True, is_mobile=True)

    for name in "Mike Clark", "John Doe":
        expect(page.get_by_role("row", name=name)).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_fields_look_editable_and_wrong_ones_wrong(scheme: str, devices: Devices) -> None:
    page = devices.of(ADMIN, "/people", color_scheme=scheme)
    expect(page.get_by_role("row", name="John Doe")).to_be_visible()
    theme = colours(page)
    for field in page.get_by_role("textbox").all() + page.get_by_role("searchbox").all():
        assert style(field, "backgroundColor") != theme["page"]

    page.get_by_role("button", name="Add person").click()
    first = page.get_by_role("textbox", name="First name")
    expect(first).to_be_focused()
    assert style(first, "outlineStyle") == "solid"
    assert style(first, "outlineColor") == theme["danger"]
