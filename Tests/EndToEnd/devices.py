"""Browsers with a cookie jar each, in the hands of people who are logged in."""

from dataclasses import dataclass, field

from playwright.sync_api import Browser, BrowserContext, Page

from harness.browser import complaints
from page import cookies, log_in

JOHN = ("john@example.com", "John@123")
MARY = ("mary@example.com", "Mary@1234")
ADMIN = ("admin@example.com", "Admin@123")


@dataclass
class Devices:
    """None of their pages may complain."""

    chromium: Browser
    address: str
    opened: list[tuple[Page, list[str]]] = field(default_factory=list)

    def new(self, **looks: object) -> Page:
        """A device of somebody who is not logged in, at no page yet; its looks can be chosen."""
        context: BrowserContext = self.chromium.new_context(**looks)
        context.set_default_timeout(15_000)
        page = context.new_page()
        self.opened.append((page, complaints(page)))
        return page

    def of(self, who: tuple[str, str], path: str, heading: str = "", **looks: object) -> Page:
        """A device on which somebody has logged in and is at a path."""
        page = self.new(**looks)
        page.goto(self.address + path)
        log_in(page, *who, heading or path.strip("/").capitalize())
        cookies(page)
        return page

    def close(self) -> None:
        found = [text for _, complaints in self.opened for text in complaints]
        for page, _ in self.opened:
            page.context.close()
        assert found == []


def come_back(page: Page) -> None:
    """As if the person looked at the window again, which a headless one never notices."""
    page.evaluate("dispatchEvent(new Event('focus'))")


def focused(page: Page) -> str:
    """The name of what has the focus."""
    return page.evaluate(
        "document.activeElement.ariaLabel || document.activeElement.textContent"
        " || document.activeElement.labels[0].textContent")
