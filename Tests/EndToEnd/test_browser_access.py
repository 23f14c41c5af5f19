"""Every view is accessible: with a screen reader, with large text and without a mouse."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from harness.polling import until
from harness.site import Site
from page import RULES_OF_COLOUR, accessibility_problems, cookies, resize
from views import ADMIN, VIEWS, View, opened

# JavaScript: all visible controls, and their names.
CONTROLS = """
    const controls = [...document.querySelectorAll('a[href], button, input, select, textarea')]
        .filter(control => control.checkVisibility({ visibilityProperty: true }));
    const nameOf = control => control.getAttribute('aria-label')
        || control.labels?.[0]?.textContent || control.textContent.trim();
    // True if a click at its centre hits the control.
    const isOnTop = control => {
        const { left, top, width, height } = control.getBoundingClientRect();
        return control.contains(document.elementFromPoint(left + width / 2, top + height / 2));
    };
"""


@pytest.fixture(scope="module", params=VIEWS, ids=str)
def view(request: pytest.FixtureRequest, site: Site, chromium: Browser) -> Iterator[Page]:
    """Each view in turn. Motion is off, so that no colour is checked during a transition."""
    view: View = request.param
    with opened(view, site, chromium, reduced_motion="reduce") as page:
        yield page


@pytest.fixture
def page(view: Page) -> Page:
    """The view at its normal size."""
    resize(view, 1280, 720)
    return view


def unusable_controls(page: Page) -> list[str]:
    """Returns the controls that cannot be used at the current size, each with the reason."""
    return page.evaluate("() => {" + CONTROLS + """
        const { clientWidth: width, scrollWidth } = document.documentElement;
        const found = scrollWidth > width ? [`scrolls sideways: ${scrollWidth} in ${width}`] : [];
        for (const control of controls) {
            if (control.matches('.skip')) continue;
            control.scrollIntoView({ block: 'center' });
            const { left, right, height } = control.getBoundingClientRect();
            if (left < 0 || right > width) found.push(`${nameOf(control)}: outside`);
            const isInText = control.matches('p > a');
            if (height < 24 && !isInText) found.push(`${nameOf(control)}: too small to hit`);
            if (!isOnTop(control)) found.push(`${nameOf(control)}: covered`);
            const isCut = control.scrollWidth > control.clientWidth + 1;
            if (isCut && control.tagName === 'BUTTON') found.push(`${nameOf(control)}: cut off`);
        }
        return found;
    }""")


def test_axe_finds_no_violation(page: Page) -> None:
    # Nothing but the colours depends on the scheme.
    for scheme, rules in ("light", None), ("dark", RULES_OF_COLOUR):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for width in (1280, 320):
            resize(page, width, 720)
            assert accessibility_problems(page, rules) == [], (scheme, width)


def test_every_control_works_on_a_narrow_screen(page: Page) -> None:
    resize(page, 320, 568)

    assert unusable_controls(page) == []


def test_every_control_works_at_a_zoom_of_200_percent(page: Page) -> None:
    # A zoom of 200 % halves the number of CSS pixels.
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setDeviceMetricsOverride", {
        "width": 640, "height": 360, "deviceScaleFactor": 2, "mobile": False})
    assert page.evaluate("[innerWidth, devicePixelRatio]") == [640, 2]

    assert unusable_controls(page) == []
    session.send("Emulation.clearDeviceMetricsOverride")
    session.detach()
    # Playwright does not know about the override and would skip a size that it believes is set.
    resize(page, 320, 568)


def test_every_control_works_with_text_twice_as_large(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    for size in (32, 16):
        session.send("Page.setFontSizes", {"fontSizes": {"standard": size, "fixed": size}})
        until(lambda: page.evaluate("getComputedStyle(document.body).fontSize") == f"{size}px",
              "the new text size")
        for width in (1280, 640):
            resize(page, width, 720)
            assert unusable_controls(page) == [], (size, width)
    session.detach()


def test_tab_reaches_every_control_in_order_and_shows_the_focus(page: Page) -> None:
    page.locator(".skip").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    names = page.evaluate("() => {" + CONTROLS + "return controls.map(nameOf); }")

    for number, name in enumerate(names):
        if number:
            page.keyboard.press("Tab")
        reached = page.evaluate("() => {" + CONTROLS + """
            const control = document.activeElement;
            const { outlineStyle, outlineWidth } = getComputedStyle(control);
            return {
                number: controls.indexOf(control), name: nameOf(control),
                ring: outlineStyle === 'solid' && parseFloat(outlineWidth) >= 2,
                seen: isOnTop(control),
            };
        }""")
        assert reached == {"number": number, "name": name, "ring": True, "seen": True}, names


def is_focused(control: Locator) -> bool:
    return control.evaluate_all("found => found.includes(document.activeElement)")


def tab_to(page: Page, role: str, name: str) -> None:
    """Presses Tab until a control has the focus; after the last one, the first one follows."""
    control = page.get_by_role(role, name=name, exact=True)
    for _ in range(100):
        page.keyboard.press("Tab")
        if is_focused(control):
            return
    raise AssertionError(f"Tab does not reach the {role} {name}")


def test_a_person_needs_no_mouse(site: Site, chromium: Browser) -> None:
    with opened(VIEWS[0], site, chromium) as page:
        key, write = page.keyboard.press, page.keyboard.type
        expect(page.get_by_role("textbox", name="Email")).to_be_focused()
        write(ADMIN[0])
        key("Tab")
        write(ADMIN[1])
        key("Enter")
        expect(page.get_by_role("heading", name="People")).to_be_focused()
        cookies(page)

        page.reload()
        expect(page.get_by_role("heading", name="People")).to_be_visible()
        key("Tab")
        skip = page.get_by_role("link", name="Skip to content")
        expect(skip).to_be_focused()
        expect(skip).to_be_in_viewport(ratio=1)
        key("Enter")
        key("Tab")
        expect(page.get_by_role("textbox", name="First name")).to_be_focused()
        write("Ada")
        key("Tab")
        write("King")
        key("Enter")
        expect(page.get_by_role("row", name="Ada King")).to_be_visible()
        expect(page.get_by_role("textbox", name="First name")).to_be_focused()

        edit = page.get_by_role("button", name="Edit Mike Clark")
        tab_to(page, "button", "Edit Mike Clark")
        key("Enter")
        expect(page.get_by_role("textbox", name="First name").last).to_be_focused()
        key("ControlOrMeta+a")
        write("Michael")
        key("Escape")
        expect(edit).to_be_focused()
        key("Enter")
        expect(page.get_by_role("textbox", name="First name").last).to_be_focused()
        key("ControlOrMeta+a")
        write("Michael")
        key("Enter")
        expect(page.get_by_role("button", name="Edit Michael Clark")).to_be_focused()

        delete = page.get_by_role("button", name="Delete John Doe")
        tab_to(page, "button", "Delete John Doe")
        key("Enter")
        expect(page.get_by_role("button", name="Keep")).to_be_focused()
        key("Escape")
        expect(delete).to_be_focused()
        key("Space")
        expect(page.get_by_role("button", name="Keep")).to_be_focused()
        key("Shift+Tab")
        key("Enter")
        expect(delete).to_have_count(0)
        assert not is_focused(page.locator("body")), "the focus was lost with the row"

        tab_to(page, "link", "Account")
        key("Enter")
        expect(page.get_by_role("heading", name="Account")).to_be_focused()
        tab_to(page, "textbox", "Current password")
        write("Wrong@123")
        key("Tab")
        expect(page.get_by_role("button", name="Show current password")).to_be_focused()
        key("Space")
        expect(page.get_by_role("textbox", name="Current password")).to_have_value("Wrong@123")
        tab_to(page, "textbox", "New password")
        write("Better@123")
        key("Enter")
        expect(page.get_by_text("This is not your current password")).to_be_visible()
        expect(page.get_by_role("textbox", name="Current password")).to_be_focused()

        tab_to(page, "button", "Log out")
        key("Enter")
        expect(page.get_by_role("textbox", name="Email")).to_be_focused()


@pytest.mark.parametrize("preference", ["reduce", "no-preference"])
def test_nothing_moves_for_a_user_who_prefers_reduced_motion(
        preference: str, site: Site, chromium: Browser) -> None:
    people = next(view for view in VIEWS if view.name == "people")
    with opened(people, site, chromium, reduced_motion=preference) as page:
        page.evaluate("""() => {
            window.moved = [];
            for (const kind of ['animationstart', 'transitionrun']) {
                addEventListener(kind, ({ target }) => window.moved.push(target.outerHTML), true);
            }
        }""")
        page.get_by_role("button", name="Add person").hover()
        page.get_by_role("textbox", name="First name").focus()
        page.get_by_role("button", name="Edit John Doe").click()
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("was saved")).to_be_visible()
        # The event is sent in the frame in which the motion begins.
        page.evaluate(
            "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

        moved = page.evaluate("window.moved")
        assert bool(moved) == (preference == "no-preference"), moved
        assert preference != "reduce" or page.evaluate("document.getAnimations().length") == 0


def test_forced_colours_still_show_the_current_page(
        site: Site, chromium: Browser) -> None:
    people = next(view for view in VIEWS if view.name == "people")
    with opened(people, site, chromium, forced_colors="active") as page:
        links = page.get_by_role("navigation").get_by_role("link")
        lines = dict(zip(links.all_inner_texts(), links.evaluate_all(
            "links => links.map(link => getComputedStyle(link).borderBottomColor)")))
        here = lines.pop("People")

        assert lines and here not in lines.values(), (here, lines)
