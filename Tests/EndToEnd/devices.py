"""Users' devices: browser contexts, each with its own cookies."""

from dataclasses import dataclass, field

from playwright.sync_api import Browser, BrowserContext, Page

from harness.browser import page_errors
from page import cookies, log_in

JOHN = ("john@example.com", "John@123")
MARY = ("mary@example.com", "Mary@1234")
ADMIN = ("admin@example.com", "Admin@123")


@dataclass
class Devices:
    """The devices of a test. None of their pages may report an error."""

    chromium: Browser
    address: str
    opened: list[tuple[Page, list[str]]] = field(default_factory=list)

    def new(self, **looks: object) -> Page:
        """Creates a device with an empty page. `looks` are options of the browser context."""
        context: BrowserContext = self.chromium.new_context(**looks)
        context.set_default_timeout(15_000)
        page = context.new_page()
        self.opened.append((page, page_errors(page)))
        return page

    def of(self, who: tuple[str, str], path: str, heading: str = "", **looks: object) -> Page:
        """Creates a device on which a user has logged in and opened a path."""
        page = self.new(**looks)
        page.goto(self.address + path)
        log_in(page, *who, heading or path.strip("/").capitalize())
        cookies(page)
        return page

    def close(self) -> None:
        found = [text for _, errors in self.opened for text in errors]
        for page, _ in self.opened:
            page.context.close()
        assert found == []


def focus_window(page: Page) -> None:
    """Dispatches the focus event of a window, which a headless browser never does."""
    page.evaluate("dispatchEvent(new Event('focus'))")


def focused(page: Page) -> str:
    """Returns the name of the focused element."""
    return page.evaluate(
        "document.activeElement.ariaLabel || document.activeElement.textContent"
        " || document.activeElement.labels[0].textContent")
