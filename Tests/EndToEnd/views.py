"""Every view of the page in every state that looks different, as a table: a new one is a line."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, expect

from harness.browser import complaints
from harness.site import Site
from page import cookies, log_in

USER = ("john@example.com", "John@123")
ADMIN = ("admin@example.com", "Admin@123")


def press(name: str) -> Callable[[Page], None]:
    return lambda page: page.get_by_role("main").get_by_role("button", name=name).click()


def send_nothing(name: str, complaint: str) -> Callable[[Page], None]:
    def send(page: Page) -> None:
        press(name)(page)
        expect(page.get_by_text(complaint).first).to_be_visible()

    return send


def cut_off(page: Page) -> None:
    page.route("**/api/**", lambda route: route.abort())
    page.reload()


def go_offline(page: Page) -> None:
    page.evaluate("dispatchEvent(new Event('offline'))")


@dataclass(frozen=True)
class View:
    """A state of a view: where it is, what stands there, who sees it, and what is done there.

    The people are the recorded ones where it does not say others; the heading is the path's name.
    """

    name: str
    path: str
    shows: str
    account: tuple[str, str] | None = None
    arrange: Callable[[Page], None] = lambda page: None
    heading: str = ""
    people: list[tuple[str, str]] | None = None

    def __str__(self) -> str:
        return self.name


VIEWS = [
    View("login", "/login", "No account yet?"),
    View("login refused", "/login", "Email is not allowed to be empty", None,
         send_nothing("Log in", "Email is not allowed to be empty")),
    View("signup", "/signup", "One of @ $ ! % * ? &"),
    View("signup refused", "/signup", "Email is required", None,
         send_nothing("Sign up", "Email is required")),
    View("people", "/people", "Mike", ADMIN),
    View("people of a user", "/people", "Mike", USER),
    View("people empty", "/people", "No people yet", ADMIN, people=[]),
    View("people not found", "/people?q=zzz", "No name begins with", ADMIN,
         heading="People"),
    View("people refused", "/people", "not allowed to be empty", ADMIN,
         send_nothing("Add person", "not allowed to be empty")),
    View("people edited", "/people", "Save", ADMIN, press("Edit John Doe")),
    View("people deleted", "/people", "Delete for good?", ADMIN, press("Delete John Doe")),
    View("people offline", "/people", "You are offline", ADMIN, go_offline),
    View("account", "/account", "This device", ADMIN),
    View("account refused", "/account", "does not meet every rule", ADMIN,
         send_nothing("Change password", "does not meet every rule")),
    View("users", "/users", "mary@example.com", ADMIN),
    View("users not found", "/users?q=zzz", "No account has an address that begins with", ADMIN,
         heading="Users"),
    View("users disabled", "/users", "cannot log in until", ADMIN,
         press("Disable: john@example.com")),
    View("users promoted", "/users", "Administrators see and change", ADMIN,
         press("Make admin: john@example.com")),
    View("users for a user", "/users", "This page is for administrators", USER,
         heading="For administrators"),
    View("not found", "/nowhere", "There is nothing at"),
    View("away", "/login", "The server cannot be reached", None, cut_off),
]


@contextmanager
def opened(view: View, site: Site, chromium: Browser, **looks: object) -> Iterator[Page]:
    """A view in a browser of its own, which can be told how it looks; it must not complain."""
    site.database.reset()
    if view.people is not None:
        site.database.execute("DELETE FROM people")
    for names in view.people or []:
        site.database.execute("INSERT INTO people (first_name, last_name) VALUES (?, ?)", *names)
    context = chromium.new_context(**looks)
    context.set_default_timeout(15_000)
    page = context.new_page()
    found = complaints(page)
    try:
        page.goto(f"https://localhost:{site.nginx.port}{view.path}")
        if view.account:
            heading = view.heading or view.path.strip("/").capitalize()
            log_in(page, *view.account, heading=heading)
            cookies(page)
        view.arrange(page)
        expect(page.get_by_text(view.shows).first).to_be_visible()
        yield page
    finally:
        context.close()
    assert found == []
