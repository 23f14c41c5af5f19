"""Steps on the page that several tests share."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from harness import log_leaks
from harness.polling import until


def log_in(page: Page, email: str, password: str, heading: str = "People") -> None:
    page.get_by_role("textbox", name="Email").fill(email)
    page.get_by_role("textbox", name="Password").fill(password)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()


def cookies(page: Page) -> dict[str, dict]:
    """Returns the cookies of the session by name.

    The cookie of the known device is left out, because a logout keeps it. The values of all are
    registered as secrets that no log may show.
    """
    jar = {cookie["name"]: cookie for cookie in page.context.cookies()}
    log_leaks.register(*(cookie["value"] for cookie in jar.values()))
    return {name: cookie for name, cookie in jar.items() if not name.endswith("device")}


def resize(page: Page, width: int, height: int) -> None:
    """Resizes the page and waits until the layout has followed."""
    page.set_viewport_size({"width": width, "height": height})
    until(lambda: page.evaluate("[innerWidth, innerHeight]") == [width, height], "the new size")
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


# axe's rules whose result depends on the colours.
RULES_OF_COLOUR = ["color-contrast", "link-in-text-block"]


def accessibility_problems(page: Page, only: list[str] | None = None) -> list[str]:
    """Returns what axe finds on the page, and what it cannot decide and a human would check.

    Without `only`, it applies all its rules.
    """
    if not page.evaluate("'axe' in window"):
        # Through the debugger, because the page's security policy blocks all other scripts.
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate("options => axe.run(options)", {"runOnly": only} if only else {})
    assert found["passes"]
    return [f"{kind}: {rule['id']}: {node['target']}: {node['failureSummary']}"
            for kind in ("incomplete", "violations")
            for rule in found[kind] for node in rule["nodes"]]
