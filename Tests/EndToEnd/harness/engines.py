"""Two browser engines behind one interface: a tab that opens pages, clicks and types.

Elements are found by role and name, as a screen reader announces them.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path

from playwright.sync_api import Error, Page
from selenium.common.exceptions import (
    ElementClickInterceptedException, StaleElementReferenceException, TimeoutException)
from selenium.webdriver import Keys
from selenium.webdriver.remote.webelement import WebElement

from .browser import browser, page_errors
from .certificates import Authority
from .polling import until
from .webkit import WebKit, webkit

Name = str | re.Pattern[str]

_NAME_OF_FOCUSED = """() => {
    const node = document.activeElement;
    return node.ariaLabel || node.labels?.[0]?.textContent || node.textContent;
}"""


class Tab(ABC):
    """A window of a browser, and what a user does in it."""

    def __init__(self, site: str):
        self.site = site

    @abstractmethod
    def go(self, path: str) -> None:
        """Opens a path of the site, as from the address bar."""

    @abstractmethod
    def refuses_certificate(self) -> bool:
        """Returns whether the browser refuses to show the site because of its certificate."""

    @abstractmethod
    def run(self, function: str, *arguments: object) -> object:
        """Calls a JavaScript function in the page, async or not, and returns its result."""

    @abstractmethod
    def count(self, role: str, name: Name) -> int:
        """Returns the number of visible elements with a role and name."""

    @abstractmethod
    def press(self, name: Name, role: str = "button") -> None:
        """Clicks the element with that name as soon as it exists."""

    @abstractmethod
    def type(self, text: str) -> None:
        """Types text that replaces the content of the focused field."""

    @abstractmethod
    def press_key(self, key: str) -> None:
        """Presses a key given by name, such as Tab or Enter."""

    @abstractmethod
    def _received_errors(self) -> list[str]:
        """Returns the errors that have reached the test."""

    def errors(self) -> list[str]:
        """Returns the errors of all pages so far, with violations of their security policy."""
        self.run("() => null")  # errors from before this call have arrived when it returns
        return self._received_errors()

    def find(self, role: str, name: Name) -> None:
        """Waits until exactly one element has that role and name."""
        until(lambda: self.count(role, name) == 1, f"one {role} {name} on the page", within=15)

    def miss(self, role: str, name: Name) -> None:
        """Waits until no element has that role and name."""
        until(lambda: self.count(role, name) == 0, f"no {role} {name} on the page", within=15)

    def read(self, text: str) -> None:
        """Waits until the page shows a text."""
        until(lambda: text in self.text(), f"{text!r} on the page", within=15)

    def text(self) -> str:
        return str(self.run("() => document.body.innerText"))

    def fill(self, name: str, text: str, role: str = "textbox") -> None:
        self.press(name, role)
        self.fill_focused(name, text)

    def fill_focused(self, name: str, text: str) -> None:
        """Types into the field with that name once it has the focus."""
        until(lambda: self.run(_NAME_OF_FOCUSED) == name, f"{name} has the focus", within=15)
        self.type(text)

    def wait_for_error(self, part: str) -> None:
        until(lambda: any(part in text for text in self.errors()), f"an error with {part}")

    def focus_window(self) -> None:
        """Sends the event of a window that gets the focus, which a headless browser never sends."""
        self.run("() => { dispatchEvent(new Event('focus')); }")


class ChromiumTab(Tab):
    def __init__(self, site: str, page: Page):
        super().__init__(site)
        self.page = page
        self.found = page_errors(page)

    def go(self, path: str) -> None:
        self.page.goto(self.site + path)

    def refuses_certificate(self) -> bool:
        try:
            self.go("/")
        except Error as error:
            return "ERR_CERT_AUTHORITY_INVALID" in error.message
        return False

    def run(self, function: str, *arguments: object) -> object:
        return self.page.evaluate(f"parameters => ({function})(...parameters)", arguments)

    def count(self, role: str, name: Name) -> int:
        return self.page.get_by_role(role, name=name, exact=True).count()

    def press(self, name: Name, role: str = "button") -> None:
        self.page.get_by_role(role, name=name, exact=True).click()

    def type(self, text: str) -> None:
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def press_key(self, key: str) -> None:
        self.page.keyboard.press(key)

    def _received_errors(self) -> list[str]:
        return self.found


class WebKitTab(Tab):
    # Selectors of the elements that can have a role; the browser then decides which ones do.
    _SELECTORS = {
        "button": "button", "heading": "h1, h2, h3", "link": "a[href]", "searchbox": "input",
        "textbox": "input",
    }

    def __init__(self, site: str, webkit: WebKit):
        super().__init__(site)
        self.webkit = webkit
        self.driver = webkit.driver

    def go(self, path: str) -> None:
        self.driver.get(self.site + path)

    def refuses_certificate(self) -> bool:
        def shown_text() -> str:
            self.go("/")
            text = self.text()
            # WebKit shows this if the load interrupted another one; the next load shows the reason.
            return "" if text == "Operation was cancelled" else text

        shown = until(shown_text, "a page, the site's or the browser's")
        return shown == "Unacceptable TLS certificate"

    def run(self, function: str, *arguments: object) -> object:
        return self.driver.execute_script(f"return ({function})(...arguments)", *arguments)

    def count(self, role: str, name: Name) -> int:
        return len(self._shown(role, name))

    def press(self, name: Name, role: str = "button") -> None:
        until(lambda: self._press(role, name), f"one {role} {name} to press", within=15)

    def _press(self, role: str, name: Name) -> bool:
        found = self._shown(role, name)
        if len(found) != 1:
            return False
        try:
            found[0].click()
        except (ElementClickInterceptedException, StaleElementReferenceException):
            return False  # not pressed: it is gone, or something covers it
        return True

    def _shown(self, role: str, name: Name) -> list[WebElement]:
        (found,) = until(lambda: self._try_to_list(role, name), f"a list of every {role}")
        return found

    def _try_to_list(self, role: str, name: Name) -> tuple[list[WebElement]] | None:
        """Returns the visible elements in a tuple, or None if the page changed in the meantime."""
        shown = "css => [...document.querySelectorAll(css)].filter(n => n.checkVisibility())"
        try:
            return [
                element for element in self.run(shown, self._SELECTORS[role])
                if _is(name, element.accessible_name) and element.aria_role == role],
        except StaleElementReferenceException:
            return None

    def type(self, text: str) -> None:
        focused = self.driver.switch_to.active_element
        focused.send_keys(Keys.CONTROL + "a")
        focused.send_keys(text)

    def press_key(self, key: str) -> None:
        self.driver.switch_to.active_element.send_keys(getattr(Keys, key.upper()))

    def _received_errors(self) -> list[str]:
        return self.webkit.errors()


def _is(name: Name, actual: str) -> bool:
    return actual == name if isinstance(name, str) else bool(name.search(actual))


@contextmanager
def chromium_devices(directory: Path, authority: Authority) -> Iterator[Callable[[str], Tab]]:
    """Yields a function that opens a tab of a site, each with its own cookies."""
    with browser(directory, authority) as window:
        def new(site: str) -> Tab:
            context = window.browser.new_context()
            context.set_default_timeout(15_000)
            return ChromiumTab(site, context.new_page())
        yield new


@contextmanager
def webkit_devices(directory: Path, authority: Authority) -> Iterator[Callable[[str], Tab]]:
    """Does the same as `chromium_devices`, with WebKit.

    On a busy machine a new WebKitGTK sometimes never finishes its first page, whatever the page is.
    It is then left alone, and another one is started.
    """
    with ExitStack() as browsers:
        numbers = count()

        def new(site: str) -> Tab:
            for _ in range(3):
                place = directory / str(next(numbers))
                tab = WebKitTab(site, browsers.enter_context(webkit(place, authority)))
                try:
                    tab.go("/")
                    tab.run("() => null")  # the driver may respond before the page is loaded
                except TimeoutException:
                    continue
                return tab
            raise AssertionError("WebKit did not finish its first page in three attempts")
        yield new


ENGINES = {"chromium": chromium_devices, "webkit": webkit_devices}
