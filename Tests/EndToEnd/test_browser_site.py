"""A site with a name, a logo and a colour of its own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from harness.browser import page_errors
from harness.polling import until
from harness.site import Site
from page import RULES_OF_COLOUR, accessibility_problems, log_in, resize

NAME, COLOR = "Zoë's <b>Club</b>", "#ffcc00"
HELP = "Lost your <b>password</b>? Write to"
OPTIONS = "**/api/auth/options"
LOGO = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 30">
<rect width="90" height="30" fill="#ffcc00"/><circle cx="15" cy="15" r="9" fill="#333"/></svg>"""


@pytest.fixture(scope="module")
def named(site_for: Callable[..., Site]) -> Iterator[Site]:
    settings = {
        "GATEHOUSE_SITE_NAME": NAME, "GATEHOUSE_SITE_LOGO": "/logo.svg",
        "GATEHOUSE_SITE_COLOR": COLOR,
        "GATEHOUSE_PASSWORD_HELP": f"{HELP} mailto:help@example.com?subject=Password"}
    named = site_for("named", settings)
    # As the manual says.
    images = named.directory / "images"
    images.mkdir()
    (images / "logo.svg").write_text(LOGO)
    with (named.nginx.configuration / "gatehouse" / "settings" / "listen.conf").open("a") as lines:
        lines.write(f"location = /logo.svg {{ root {images}; }}\n")
    with named:
        yield named


@contextmanager
def visit(chromium: Browser, **looks: object) -> Iterator[Page]:
    """A browser that has not been to the site. The page must not report any error."""
    context = chromium.new_context(**looks)
    context.set_default_timeout(15_000)
    page = context.new_page()
    found = page_errors(page)
    yield page
    context.close()
    assert found == []


def address(site: Site, path: str) -> str:
    return f"https://localhost:{site.nginx.port}{path}"


def is_drawn(page: Page) -> bool:
    return page.get_by_role("banner").locator("img").evaluate(
        "async image => { await image.decode(); return image.naturalWidth > 0; }")


def accent(page: Page) -> str:
    return page.get_by_role("button", name="Log in").evaluate(
        "button => getComputedStyle(button).backgroundColor")


def test_every_page_has_the_name_the_logo_and_the_colour(named: Site, chromium: Browser) -> None:
    with visit(chromium) as page:
        for path, title, heading in [
            ("/signup", "Sign up", f"Sign up for {NAME}"), ("/nowhere", "Not found", "Not found"),
            ("/login", "Log in", f"Log in to {NAME}"),
        ]:
            page.goto(address(named, path))
            expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
            expect(page).to_have_title(f"{title} · {NAME}")
            expect(page.get_by_role("banner").get_by_role("link", name=NAME)).to_be_visible()
            assert is_drawn(page)
        assert page.locator("link[rel=icon]").get_attribute("href") == "/logo.svg"
        own = accent(page)
        page.evaluate("document.documentElement.removeAttribute('data-color')")
        until(lambda: accent(page) != own, "the button has the page's own colour")

        log_in(page, "john@example.com", "John@123")
        expect(page).to_have_title(f"People · {NAME}")
        assert is_drawn(page)


def test_the_first_view_does_not_wait_for_the_name_and_shows_no_other(
        named: Site, chromium: Browser) -> None:
    with visit(chromium) as page:
        held: list[Route] = []
        page.route(OPTIONS, lambda route: held.append(route))
        page.goto(address(named, "/login"), wait_until="commit")
        email = page.get_by_role("textbox", name="Email")
        email.fill("john@example.com")
        expect(page).to_have_title("Log in")
        assert page.get_by_role("banner").get_by_role("link").first.inner_text() == ""
        assert not page.locator(".brand svg").is_visible()

        until(lambda: page.evaluate("1") and held, "the page asks for the site's options")
        held[0].continue_()
        expect(page).to_have_title(f"Log in · {NAME}")
        expect(page.get_by_role("heading", name=f"Log in to {NAME}", exact=True)).to_be_visible()
        assert is_drawn(page)
        expect(email).to_have_value("john@example.com")


def test_the_next_visit_shows_name_logo_and_colour_at_once(named: Site, chromium: Browser) -> None:
    with visit(chromium) as page:
        page.goto(address(named, "/login"))
        expect(page).to_have_title(f"Log in · {NAME}")
        own = accent(page)

        page.route(OPTIONS, lambda route: None)
        page.reload(wait_until="commit")
        expect(page.get_by_role("heading", name=f"Log in to {NAME}", exact=True)).to_be_visible()
        assert page.title() == f"Log in · {NAME}"
        assert is_drawn(page)
        assert accent(page) == own


def test_the_login_page_says_what_to_do_about_a_forgotten_password(
        named: Site, site: Site, chromium: Browser) -> None:
    with visit(chromium) as page:
        page.goto(address(named, "/login"))
        expect(page.get_by_text(f"{HELP} help@example.com", exact=True)).to_be_visible()
        link = page.get_by_role("link", name="help@example.com", exact=True)
        assert link.get_attribute("href") == "mailto:help@example.com?subject=Password"
        expect(page.get_by_text("Ask the people")).to_have_count(0)

    with visit(chromium) as page:
        page.goto(address(site, "/login"))
        expect(page.get_by_text(
            "Forgotten your password? Ask the people who run this site for a new one.",
            exact=True)).to_be_visible()


def test_the_link_for_a_forgotten_password_leaves_the_app(
        named: Site, chromium: Browser) -> None:
    with visit(chromium) as page:
        help_page = address(named, "/help.html")
        page.route(OPTIONS, lambda route: route.fulfill(json={
            "signup": "open", "people": True,
            "passwordHelp": {"text": "See", "address": help_page}}))
        page.route(help_page, lambda route: route.fulfill(
            content_type="text/html", body="<title>Help</title>"))
        page.goto(address(named, "/login"))
        page.get_by_role("link", name="/help.html").click()

        expect(page).to_have_title("Help")


def test_the_page_asks_for_the_options_once(named: Site, chromium: Browser) -> None:
    with visit(chromium) as page:
        warnings: list[str] = []
        asked: list[str] = []
        page.on("console", lambda message: warnings.append(message.text)
                if message.type == "warning" else None)
        page.on("request", lambda request: asked.append(request.url)
                if request.url.endswith("/options") else None)
        page.goto(address(named, "/login"))
        expect(page).to_have_title(f"Log in · {NAME}")
        page.get_by_role("link", name="Sign up").first.click()
        expect(page).to_have_title(f"Sign up · {NAME}")

        assert len(asked) == 1, asked
        assert warnings == []


def test_a_site_that_lost_its_logo_has_the_mark_of_the_page(
        named: Site, chromium: Browser) -> None:
    with visit(chromium) as page:
        page.route("**/logo.svg", lambda route: route.fulfill(status=404))
        page.goto(address(named, "/login"))

        expect(page).to_have_title(f"Log in · {NAME}")
        expect(page.locator(".brand svg")).to_be_visible()
        expect(page.get_by_role("banner").locator("img")).to_have_count(0)


def test_without_an_answer_the_address_is_the_name(named: Site, chromium: Browser) -> None:
    with visit(chromium) as page:
        page.route(OPTIONS, lambda route: route.abort())
        page.goto(address(named, "/login"))

        expect(page).to_have_title("Log in · localhost")
        expect(page.locator(".brand svg")).to_be_visible()


# JavaScript: the worst contrast of each pair of colours that text has, over 512 site colours.
WORST_CONTRASTS = """() => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 1, height: 1 });
    const context = canvas.getContext('2d', { willReadFrequently: true });
    const probe = document.createElement('i');
    document.body.replaceChildren(probe);
    const shown = (name) => {
        probe.style.color = `var(${name})`;
        context.fillStyle = getComputedStyle(probe).color;
        context.fillRect(0, 0, 1, 1);
        return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    // https://www.w3.org/TR/WCAG22/#dfn-relative-luminance
    const luminance = (color) => {
        const [red, green, blue] = color.map((part) => part / 255).map(
            (part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const pairs = [
        ['--accent', '--page'], ['--accent', '--surface'], ['--accent', '--field'],
        ['--accent', '--accent-soft'], ['--on-accent', '--accent'], ['--ink', '--accent-soft'],
        ['--soft', '--accent-soft'],
    ];
    const worst = {};
    for (let number = 0; number < 512; number += 1) {
        // Eight steps from 0 to 255 for each of red, green and blue.
        const parts = [number >> 6, number >> 3 & 7, number & 7].map(
            (step) => Math.round(step * 255 / 7).toString(16).padStart(2, '0'));
        const color = `#${parts.join('')}`;
        document.documentElement.style.setProperty('--site-color', color);
        for (const pair of pairs) {
            const [dark, light] = pair.map(shown).map(luminance).sort((a, b) => a - b);
            const contrast = (light + 0.05) / (dark + 0.05);
            if (!(contrast >= worst[pair]?.[0])) worst[pair] = [contrast, color];
        }
    }
    return worst;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_whatever_the_colour_is_text_is_readable(
        scheme: str, named: Site, chromium: Browser) -> None:
    with visit(chromium, color_scheme=scheme) as page:
        page.goto(address(named, "/login"))
        expect(page).to_have_title(f"Log in · {NAME}")
        worst = page.evaluate(WORST_CONTRASTS)

    # WCAG 2.2, success criterion 1.4.3
    assert len(worst) == 7 and {
        pair: found for pair, found in worst.items() if found[0] < 4.5} == {}, worst


@pytest.mark.parametrize("path", ["/login", "/signup", "/people"])
def test_axe_finds_no_violation_on_a_site_with_a_look(
        path: str, named: Site, chromium: Browser) -> None:
    with visit(chromium, reduced_motion="reduce") as page:
        page.goto(address(named, path))
        if path == "/people":
            log_in(page, "admin@example.com", "Admin@123")
        expect(page.get_by_role("banner").get_by_role("link", name=NAME)).to_be_visible()
        for scheme, rules in ("light", None), ("dark", RULES_OF_COLOUR):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            for width in (1280, 360):
                resize(page, width, 720)
                assert accessibility_problems(page, rules) == [], (scheme, width)
