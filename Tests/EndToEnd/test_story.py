"""An account and a person in the list, from signup to the last logout, in two browsers."""

import re
from collections.abc import Callable, Iterator

import pytest

from harness import log_leaks
from harness.engines import ENGINES, Tab
from harness.site import Site

EMAIL, PASSWORD, BETTER = "story@example.com", "Tell3!story", "Better@456"
ADMIN = "admin@example.com", "Admin@123"
ENDED = "Your session has ended. Please log in again."

# JavaScript: the status and message of a response to the page's own module.
REQUEST = """async (method, path) => {
    const { Gatehouse } = await import('/gatehouse.js');
    const gatehouse = new Gatehouse();
    const response = await gatehouse.fetch(path, { method });
    gatehouse.close();
    return [response.status, (await response.json()).message];
}"""

Device = Callable[[], Tab]


@pytest.fixture(params=ENGINES)
def device(request: pytest.FixtureRequest, fresh: Site) -> Iterator[Device]:
    """Creates windows of new browsers. None of their pages may report an error."""
    log_leaks.register(EMAIL, PASSWORD, BETTER)
    tabs: list[Tab] = []
    directory = fresh.directory / f"story-{request.param}"
    with ENGINES[request.param](directory, fresh.authority) as open_tab:

        def new() -> Tab:
            tabs.append(open_tab(f"https://localhost:{fresh.nginx.port}"))
            return tabs[-1]
        yield new
        assert [text for tab in tabs for text in tab.errors()] == []


def test_an_account_from_signup_to_the_last_logout(device: Device, fresh: Site) -> None:
    mine = device()
    sign_up(mine)
    log_out(mine)
    log_in(mine, EMAIL, PASSWORD)

    add_person(mine, "Ada", "Lovelace")
    rename(mine, "Ada Lovelace", last="King")
    find_person(mine, "King", "Ada King", others=["John Doe", "Mike Clark"])
    check_deleting_is_refused(mine, "Ada King", fresh)

    other = device()
    other.go("/people")
    log_in(other, *ADMIN)
    delete(other, "Ada King", fresh)
    log_out(other)

    log_in(other, EMAIL, PASSWORD)
    end_the_other_session(mine)
    other.focus_window()
    other.read(ENDED)
    other.find("heading", "Log in")

    change_password(mine)
    log_out(mine)
    log_in(other, EMAIL, BETTER)
    log_out(other)
    assert fresh.database.execute("SELECT count(*) FROM sessions WHERE ended_at IS NULL") == [(0,)]


def sign_up(tab: Tab) -> None:
    """Signs up, which also logs in."""
    tab.go("/signup")
    tab.find("heading", "Sign up")
    tab.fill("Email", EMAIL)
    tab.fill("Password", PASSWORD)
    tab.press("Sign up")
    tab.find("heading", "People")


def log_in(tab: Tab, email: str, password: str) -> None:
    tab.find("heading", "Log in")
    tab.fill("Email", email)
    tab.fill("Password", password)
    tab.press("Log in")
    tab.find("heading", "People")


def log_out(tab: Tab) -> None:
    tab.press("Log out")
    tab.read("You are logged out.")
    tab.find("heading", "Log in")


def add_person(tab: Tab, first: str, last: str) -> None:
    tab.fill("First name", first)
    tab.fill("Last name", last)
    tab.press("Add person")
    tab.read(f"{first} {last} was added.")
    tab.find("button", f"Edit {first} {last}")


def rename(tab: Tab, name: str, last: str) -> None:
    """Changes the last name by keyboard; the first name has the focus at the start."""
    first = name.partition(" ")[0]
    tab.press(f"Edit {name}")
    tab.fill_focused("First name", first)
    tab.press_key("Tab")
    tab.fill_focused("Last name", last)
    tab.press("Save")
    tab.read(f"{first} {last} was saved.")
    tab.find("button", f"Edit {first} {last}")


def find_person(tab: Tab, question: str, name: str, others: list[str]) -> None:
    for other in others:
        tab.find("button", f"Edit {other}")
    tab.fill("Find people", question, role="searchbox")
    for other in others:
        tab.miss("button", f"Edit {other}")
    tab.find("button", f"Edit {name}")


def check_deleting_is_refused(tab: Tab, name: str, site: Site) -> None:
    """A user has no button to delete, and the server refuses the request."""
    assert tab.count("button", re.compile("^Delete")) == 0
    before = person_of(name, site)
    response = tab.run(REQUEST, "DELETE", f"/api/people/{before}")
    assert response == [403, "Insufficient permissions"]
    assert person_of(name, site) == before


def delete(tab: Tab, name: str, site: Site) -> None:
    tab.press(f"Delete {name}")
    tab.press("Delete")
    tab.read(f"{name} was deleted.")
    assert tab.count("button", f"Edit {name}") == 0
    assert person_of(name, site) is None


def person_of(name: str, site: Site) -> int | None:
    rows = site.database.execute(
        "SELECT id FROM people WHERE first_name || ' ' || last_name = ?", name)
    return rows[0][0] if rows else None


def end_the_other_session(tab: Tab) -> None:
    tab.press("Account", role="link")
    tab.read("This device")
    end = re.compile("^End the session on ")
    tab.find("button", end)
    tab.press(end)
    tab.press("End session")
    tab.read("was logged out.")
    assert tab.count("button", end) == 0


def change_password(tab: Tab) -> None:
    tab.fill("Current password", PASSWORD)
    tab.fill("New password", BETTER)
    tab.press("Change password")
    tab.read("Your password is changed.")
