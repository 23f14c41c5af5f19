"""Two browser engines behind the few things that a person does: go, look, press and type.

What stands on the page is named as a person or a screen reader names it: by its role and name.
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

from .browser import browser, complaints
from .certificates import Authority
from .polling import until
from .webkit import WebKit, webkit

Name = str | re.Pattern[str]

_NAME_OF_FOCUSED = """() => {
    const node = document.activeElement;
    return node.ariaLabel || node.labels?.[0]?.textContent || node.textContent;
}"""


class Tab(ABC):
    """A browser's window and the person before it."""

    def __init__(self, site: str):
        self.site = site

    @abstractmethod
    def go(self, path: str) -> None:
        """Asks for an address of the site, as typed into the address bar."""

    @abstractmethod
    def distrusts(self) -> bool:
        """Whether the browser shows no page of the site, for its certificate."""

    @abstractmethod
    def run(self, function: str, *arguments: object) -> object:
        """What a function, of any kind, answers that is called in the page."""

    @abstractmethod
    def count(self, role: str, name: Name) -> int:
        """How many of these can be seen."""

    @abstractmethod
    def press(self, name: Name, role: str = "button") -> None:
        """Clicks on the one of that name as soon as it is there."""

    @abstractmethod
    def type(self, text: str) -> None:
        """Types in the place of what the focused field holds."""

    @abstractmethod
    def press_key(self, key: str) -> None:
        """Presses a key by its name, such as Tab or Enter."""

    @abstractmethod
    def _heard(self) -> list[str]:
        """The complaints that have arrived here."""

    def complaints(self) -> list[str]:
        """Errors of all pages so far, and what the content security policy refused."""
        self.run("() => null")  # what was said before this is answered has arrived
        return self._heard()

    def find(self, role: str, name: Name) -> None:
        """Waits for the one of that name."""
        until(lambda: self.count(role, name) == 1, f"one {role} {name} on the page", within=15)

    def miss(self, role: str, name: Name) -> None:
        """Waits until none of that name is left."""
        until(lambda: self.count(role, name) == 0, f"no {role} {name} on the page", within=15)

    def read(self, text: str) -> None:
        """Waits for words that can be seen, wherever on the page."""
        until(lambda: text in self.text(), f"{text!r} on the page", within=15)

    def text(self) -> str:
        return str(self.run("() => document.body.innerText"))

    def fill(self, name: str, text: str, role: str = "textbox") -> None:
        self.press(name, role)
        self.fill_focused(name, text)

    def fill_focused(self, name: str, text: str) -> None:
        """Types into the field of that name once it has the focus."""
        until(lambda: self.run(_NAME_OF_FOCUSED) == name, f"{name} has the focus", within=15)
        self.type(text)

    def wait_for_complaint(self, part: str) -> None:
        until(lambda: any(part in text for text in self.complaints()), f"a complaint: {part}")

    def come_back(self) -> None:
        """As if the person looked at the window again, which a headless one never notices."""
        self.run("() => { dispatchEvent(new Event('focus')); }")


class ChromiumTab(Tab):
    def __init__(self, site: str, page: Page):
        super().__init__(site)
        self.page = page
        self.found = complaints(page)

    def go(self, path: str) -> None:
        self.page.goto(self.site + path)

    def distrusts(self) -> bool:
        try:
            self.go("/")
        except Error as error:
            return "ERR_CERT_AUTHORITY_INVALID" in error.message
        return False

    def run(self, function: str, *arguments: object) -> object:
        return self.page.evaluate(f"given => ({function})(...given)", arguments)

    def count(self, role: str, name: Name) -> int:
        return self.page.get_by_role(role, name=name, exact=True).count()

    def press(self, name: Name, role: str = "button") -> None:
        self.page.get_by_role(role, name=name, exact=True).click()

    def type(self, text: str) -> None:
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def press_key(self, key: str) -> None:
        self.page.keyboard.press(key)

    def _heard(self) -> list[str]:
        return self.found


class WebKitTab(Tab):
    # Where a role may be found; which it is the browser is asked.
    _PLACES = {
        "button": "button", "heading": "h1, h2, h3", "link": "a[href]", "searchbox": "input",
        "textbox": "input",
    }

    def __init__(self, site: str, webkit: WebKit):
        super().__init__(site)
        self.webkit = webkit
        self.driver = webkit.driver

    def go(self, path: str) -> None:
        self.driver.get(self.site + path)

    def distrusts(self) -> bool:
        def said() -> str:
            self.go("/")
            text = self.text()
            # So it says where this load has cut another short; the next one tells why.
            return "" if text == "Operation was cancelled" else text

        return until(said, "a page, of the site or of the browser") == "Unacceptable TLS certificate"

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
            return False  # not pressed: it has gone, or something is in the way
        return True

    def _shown(self, role: str, name: Name) -> list[WebElement]:
        (found,) = until(lambda: self._look(role, name), f"a look at every {role}")
        return found

    def _look(self, role: str, name: Name) -> tuple[list[WebElement]] | None:
        """None where the page changed meanwhile: nobody can say what was on it then."""
        shown = "places => [...document.querySelectorAll(places)].filter(n => n.checkVisibility())"
        try:
            return [
                element for element in self.run(shown, self._PLACES[role])
                if _is(name, element.accessible_name) and element.aria_role == role],
        except StaleElementReferenceException:
            return None

    def type(self, text: str) -> None:
        focused = self.driver.switch_to.active_element
        focused.send_keys(Keys.CONTROL + "a")
        focused.send_keys(text)

    def press_key(self, key: str) -> None:
        self.driver.switch_to.active_element.send_keys(getattr(Keys, key.upper()))

    def _heard(self) -> list[str]:
        return self.webkit.complaints()


def _is(name: Name, actual: str) -> bool:
    return actual == name if isinstance(name, str) else bool(name.search(actual))


@contextmanager
def chromium_devices(directory: Path, authority: Authority) -> Iterator[Callable[[str], Tab]]:
    """Makes tabs of a site, each with a cookie jar of its own."""
    with browser(directory, authority) as window:
        def new(site: str) -> Tab:
            context = window.browser.new_context()
            context.set_default_timeout(15_000)
            return ChromiumTab(site, context.new_page())
        yield new


@contextmanager
def webkit_devices(directory: Path, authority: Authority) -> Iterator[Callable[[str], Tab]]:
    """As `chromium_devices`.

    On a busy machine a new WebKitGTK now and then never finishes its first page, for no reason in
    the page: that one is left alone, and another is started.
    """
    with ExitStack() as browsers:
        numbers = count()

        def new(site: str) -> Tab:
            for _ in range(3):
                place = directory / str(next(numbers))
                tab = WebKitTab(site, browsers.enter_context(webkit(place, authority)))
                try:
                    tab.go("/")
                    tab.run("() => null")  # the driver may answer before the page is there
                except TimeoutException:
                    continue
                return tab
            raise AssertionError("WebKit did not finish its first page, three times over")
        yield new


ENGINES = {"chromium": chromium_devices, "webkit": webkit_devices}
