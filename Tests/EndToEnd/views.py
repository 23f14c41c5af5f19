"""A table of every view of the page, in every state that looks different."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, expect

from harness.browser import page_errors
from harness.site import Site
from page import cookies, log_in

USER = ("john@example.com", "John@123")
ADMIN = ("admin@example.com", "Admin@123")


def press(name: str) -> Callable[[Page], None]:
    return lambda page: page.get_by_role("main").get_by_role("button", name=name).click()


def submit_empty(name: str, error: str) -> Callable[[Page], None]:
    def submit(page: Page) -> None:
        press(name)(page)
        expect(page.get_by_text(error).first).to_be_visible()

    return submit


def block_api(page: Page) -> None:
    page.route("**/api/**", lambda route: route.abort())
    # A browser that knows that nobody is signed in does not need the server to show this page.
    # It is cleared in the next document, because a late response may still fill it in this one.
    page.add_init_script("localStorage.clear()")
    page.reload()


def go_offline(page: Page) -> None:
    page.evaluate("dispatchEvent(new Event('offline'))")


@dataclass(frozen=True)
class View:
    """A state of a view: its path, a text it shows, the account, and the steps that lead to it.

    By default the heading is the name of the path, and the people are those of the fixture.
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
    View("login refused", "/login", "Password is required", None,
         submit_empty("Log in", "Password is required")),
    View("signup", "/signup", "One of @ $ ! % * ? &"),
    View("signup refused", "/signup", "Email is required", None,
         submit_empty("Sign up", "Email is required")),
    View("people", "/people", "Mike", ADMIN),
    View("people of a user", "/people", "Mike", USER),
    View("people empty", "/people", "No people yet", ADMIN, people=[]),
    View("people not found", "/people?q=zzz", "No name begins with", ADMIN,
         heading="People"),
    View("people refused", "/people", "First name is required", ADMIN,
         submit_empty("Add person", "First name is required")),
    View("people edited", "/people", "Save", ADMIN, press("Edit John Doe")),
    View("people deleted", "/people", "Delete for good?", ADMIN, press("Delete John Doe")),
    View("people offline", "/people", "You are offline", ADMIN, go_offline),
    View("account", "/account", "This device", ADMIN),
    View("account, a question", "/account", "also the one on this device", ADMIN,
         press("Log out everywhere")),
    View("account refused", "/account", "does not meet every rule", ADMIN,
         submit_empty("Change password", "does not meet every rule")),
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
    View("server unavailable", "/login", "The server cannot be reached", None, block_api),
]


@contextmanager
def opened(view: View, site: Site, chromium: Browser, **looks: object) -> Iterator[Page]:
    """Opens a view in a new browser context. `looks` are options of the context.

    The page must not report any error.
    """
    site.database.reset()
    if view.people is not None:
        site.database.execute("DELETE FROM people")
    for names in view.people or []:
        site.database.execute("INSERT INTO people (first_name, last_name) VALUES (?, ?)", *names)
    context = chromium.new_context(**looks)
    context.set_default_timeout(15_000)
    page = context.new_page()
    found = page_errors(page)
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
