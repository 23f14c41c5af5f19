"""The list of people: searching, scrolling, concurrent changes, and unusual names."""

import re
from collections.abc import Callable, Iterable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from harness.browser import page_errors
from harness.scale import scaled
from harness.site import Site
from page import cookies, log_in, resize

JOHN = ("john@example.com", "John@123")
ADMIN = ("admin@example.com", "Admin@123")
CHANGED = "Someone else has changed this person in the meantime."
UNREACHABLE = "The server cannot be reached."

Visit = Callable[..., Page]


@pytest.fixture
def visit(fresh: Site, chromium: Browser) -> Iterator[Visit]:
    """Opens pages in new browser contexts with a user logged in. No page may report an error."""
    opened: list[tuple[Page, list[str]]] = []

    def visit(who: tuple[str, str] = JOHN, path: str = "/people", **looks: object) -> Page:
        context = chromium.new_context(**looks)
        context.set_default_timeout(15_000)
        page = context.new_page()
        opened.append((page, page_errors(page)))
        page.goto(f"https://localhost:{fresh.nginx.port}{path}")
        log_in(page, *who)
        cookies(page)
        return page

    yield visit
    found = [text for _, errors in opened for text in errors]
    for page, _ in opened:
        page.context.close()
    assert found == []


def seed(site: Site, names: Iterable[tuple[str, str]]) -> None:
    """Replaces all people directly in the database, which is faster than requests."""
    connection = site.database.connection
    connection.execute("BEGIN")
    connection.execute("DELETE FROM people")
    connection.executemany(
        "INSERT INTO people (first_name, last_name) VALUES (?, ?)", names)
    connection.execute("COMMIT")


def crowd(count: int) -> Iterator[tuple[str, str]]:
    """Returns distinct names in list order; the last name contains the number."""
    return (name_of(number) for number in range(1, count + 1))


def name_of(number: int) -> tuple[str, str]:
    return ("Ada", "Bob", "Eve")[number % 3], f"Family{number:06}"


def full_name(number: int) -> str:
    return " ".join(name_of(number))


def stored(site: Site, first: str) -> list[tuple[str, str]]:
    return site.database.execute(
        "SELECT first_name, last_name FROM people WHERE first_name = ?", first)


def search(page: Page) -> object:
    return page.get_by_role("searchbox", name="Find people")


def row(page: Page, name: str) -> object:
    return page.get_by_role("row", name=name)


def last_names(page: Page) -> object:
    return page.locator("tbody tr td:nth-child(2)")


def edited(page: Page, label: str) -> object:
    return page.get_by_role("table").get_by_role("textbox", name=label)


def start_editing(page: Page, name: str) -> None:
    """Presses Edit and waits until the page has loaded the version it will change."""
    with page.expect_response(re.compile(r"/api/people/\d+$")):
        page.get_by_role("button", name=f"Edit {name}").click()


def rename(page: Page, name: str, last: str) -> None:
    start_editing(page, name)
    edited(page, "Last name").fill(last)
    page.get_by_role("button", name="Save").click()
    expect(row(page, last)).to_be_visible()


def scroll_until(page: Page, name: str) -> None:
    """Turns the mouse wheel until a row is in the document."""
    page.mouse.move(400, 400)
    for _ in range(400):
        if row(page, name).count():
            return
        page.mouse.wheel(0, 900)
        page.evaluate("new Promise(requestAnimationFrame)")
    raise AssertionError(f"no row {name} after 400 turns")


def test_the_number_of_people_is_known_before_all_are_loaded(visit: Visit, fresh: Site) -> None:
    seed(fresh, [*crowd(1_200), ("Aaron", "Aaker")])
    page = visit(ADMIN)
    count = page.locator(".count")
    expect(count).to_have_text("1,201 people")

    page.get_by_role("button", name="Delete Aaron Aaker").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(count).to_have_text("1,200 people")
    page.get_by_role("textbox", name="First name").fill("Zoë")
    page.get_by_role("textbox", name="Last name").fill("Zzyzx")
    page.get_by_role("button", name="Add person").click()
    expect(page.get_by_text("was added to a part of the list that is not shown")).to_be_visible()
    expect(count).to_have_text("1,201 people")
    search(page).fill("nobody")
    expect(page.get_by_text("No name begins with “nobody”.")).to_be_visible()
    expect(count).to_have_text("")


def test_people_are_found_while_the_user_types(visit: Visit, fresh: Site) -> None:
    seed(fresh, [*crowd(250), ("Ada", "Lovelace"), ("Love", "Ada"), ("Grace", "Hopper")])
    page = visit(path="/people?q=grace")
    assert page.url.endswith("/people?q=grace")
    expect(row(page, "Grace Hopper")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="1 person")).to_be_attached()

    search(page).fill("")
    expect(page.get_by_text("253 people", exact=True).first).to_be_visible()
    search(page).press_sequentially("LOVE")
    expect(row(page, "Love Ada")).to_be_visible()
    expect(row(page, "Hopper")).to_have_count(0)
    expect(last_names(page)).to_have_text(["Lovelace", "Ada"])
    expect(page.get_by_role("status").filter(has_text="2 people found")).to_be_attached()
    expect(page.get_by_role("table")).to_have_attribute("aria-rowcount", "3")
    assert page.url.endswith("/people?q=LOVE")

    page.reload()
    expect(search(page)).to_have_value("LOVE")
    expect(row(page, "Ada Lovelace")).to_be_visible()
    page.get_by_role("link", name="Account").click()
    expect(page.get_by_role("heading", name="Account", exact=True)).to_be_visible()
    page.go_back()
    expect(search(page)).to_have_value("LOVE")
    expect(row(page, "Love Ada")).to_be_visible()

    search(page).fill("no such name")
    expect(page.get_by_text(
        "No name begins with “no such name”.")).to_be_visible()
    expect(page.locator(".count")).to_have_text("")
    expect(page.get_by_role("table")).to_have_count(0)


def test_a_late_response_never_replaces_a_newer_one(visit: Visit, fresh: Site) -> None:
    seed(fresh, [("Ada", "King"), ("Al", "Bell"), ("Bo", "Peep")])
    page = visit()
    aborted: list[str] = []
    page.on("requestfailed", lambda request: aborted.append(request.url))
    held: list[Route] = []
    page.route("**/api/people?*q=a", lambda route: held.append(route))

    with page.expect_request("**/api/people?*q=a"):
        search(page).fill("a")
    search(page).fill("ad")
    expect(row(page, "Al Bell")).to_have_count(0)
    expect(row(page, "Ada King")).to_be_visible()

    assert [url[-3:] for url in aborted] == ["q=a"]
    for route in held:
        route.fulfill(json=[{"id": 7, "firstName": "Too", "lastName": "Late"}])
    page.evaluate("new Promise(requestAnimationFrame)")
    expect(last_names(page)).to_have_text(["King"])


def test_scrolling_loads_the_next_people(visit: Visit, fresh: Site) -> None:
    seed(fresh, crowd(1000))
    page = visit(viewport={"width": 1280, "height": 720})
    expect(page.get_by_role("table")).to_have_attribute("aria-rowcount", "-1")

    scroll_until(page, full_name(1000))
    expect(page.get_by_text("1,000 people").first).to_be_attached()
    expect(page.get_by_role("button", name="Show more")).to_have_count(0)
    expect(page.get_by_role("table")).to_have_attribute("aria-rowcount", "1001")
    expect(row(page, full_name(1000))).to_have_attribute("aria-rowindex", "1001")
    expect(row(page, "Family000001")).to_have_count(0)
    assert page.locator("tbody tr").count() <= 300

    # Rows that were removed keep their space: each is at least as high as its buttons, 36 pixels.
    assert page.evaluate("document.querySelector('table').offsetHeight") >= 36 * 1000
    page.mouse.wheel(0, -900 * 100)
    expect(row(page, full_name(1))).to_be_visible()
    expect(row(page, full_name(1))).to_have_attribute("aria-rowindex", "2")
    expect(row(page, "Family001000")).to_have_count(0)


def test_all_loaded_people_are_printed(visit: Visit, fresh: Site) -> None:
    seed(fresh, crowd(130))
    page = visit(viewport={"width": 1280, "height": 720}, color_scheme="dark")
    scroll_until(page, full_name(130))
    page.mouse.wheel(0, -9000)
    expect(row(page, full_name(130))).to_have_count(0)
    page.evaluate("""addEventListener('beforeprint', () => {
        globalThis.printed = document.querySelectorAll('tbody tr').length;
    })""")

    page.pdf()
    assert page.evaluate("printed") == 130
    page.emulate_media(media="print")
    expect(row(page, full_name(1))).to_be_visible()
    expect(page.locator("button:visible, input:visible, nav:visible")).to_have_count(0)
    expect(page.locator(".count")).to_have_text("130 people")
    expect(page.locator(".count")).to_be_visible()
    colours = "[document.body, document.querySelector('td')].map(node => getComputedStyle(node))"
    assert page.evaluate(f"{colours}.map(({{ backgroundColor }}) => backgroundColor)") == [
        "rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"]
    assert page.evaluate(f"{colours}[1].color") == "rgb(32, 39, 43)"

    page.emulate_media(media="screen")
    search(page).fill("family00012")
    page.emulate_media(media="print")
    expect(search(page)).to_be_visible()  # which people these are
    expect(page.get_by_text("10 people found").first).to_be_visible()


def test_a_page_that_failed_to_load_is_loaded_again_by_keyboard(visit: Visit, fresh: Site) -> None:
    seed(fresh, crowd(75))
    page = visit(viewport={"width": 1280, "height": 720})
    page.route("**/api/people?*after=*", lambda route: route.abort())
    scroll_until(page, full_name(50))
    row(page, full_name(50)).scroll_into_view_if_needed()
    expect(page.get_by_text(UNREACHABLE)).to_be_attached()
    page.unroute_all()
    page.get_by_role("button", name=f"Edit {full_name(50)}").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Try again")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_role("button", name=f"Edit {full_name(51)}")).to_be_focused()
    expect(page.get_by_text(UNREACHABLE)).to_have_count(0)


def test_every_row_is_reached_by_keyboard(visit: Visit, fresh: Site) -> None:
    seed(fresh, crowd(130))
    page = visit()
    search(page).focus()

    for number in range(1, 131):
        edit = page.get_by_role("button", name=f"Edit {full_name(number)}")
        # Until the next page has loaded, Tab would focus "Show more".
        expect(edit).to_be_attached()
        page.keyboard.press("Tab")
        expect(edit).to_be_focused()


def test_a_new_person_is_inserted_in_order(visit: Visit, fresh: Site) -> None:
    seed(fresh, crowd(150))
    page = visit()

    def add(first: str, last: str) -> None:
        page.get_by_role("textbox", name="First name").fill(first)
        page.get_by_role("textbox", name="Last name").fill(last)
        page.get_by_role("button", name="Add person").click()
        expect(page.get_by_role("textbox", name="First name")).to_have_value("")

    add("Zoe", "family000002")
    expect(page.get_by_text("Zoe family000002 was added.")).to_be_visible()
    assert last_names(page).all_inner_texts()[:4] == [
        "Family000001", "Family000002", "family000002", "Family000003"]
    expect(row(page, "Zoe")).to_have_attribute("aria-rowindex", "4")
    expect(row(page, "Family000003")).to_have_attribute("aria-rowindex", "5")

    add("Zoe", "Zuse")
    expect(page.get_by_text("Zoe Zuse was added to a part")).to_be_visible()
    page.get_by_role("button", name="Show Zoe Zuse").click()
    expect(row(page, "Zoe Zuse")).to_be_visible()
    expect(last_names(page)).to_have_text(["Zuse"])
    assert page.url.endswith("?q=Zoe+Zuse")

    add("Yann", "Martel")
    expect(page.get_by_text("Yann Martel was added to a part")).to_be_visible()


HOSTILE = {
    "markup": "<img src=x onerror=harmed=1>",
    "right-to-left, override and stray end": "\u202eשלום\u2069 evil\u202e",
    "emoji of four": "👩‍👩‍👧‍👦 👩🏽‍🚀",
    "marks upon marks": "e" + "\u0301" * 29,
    "no break": "W" * 30,
}
EMBEDDING = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_name_is_shown_as_text_everywhere(
    name: str, visit: Visit, fresh: Site
) -> None:
    assert len(name.encode("utf-16-le")) <= 60
    plain = name.translate(EMBEDDING)
    seed(fresh, [("Aaron", "Aaronson"), ("Zoe", "Zuse")])
    page = visit(ADMIN, viewport={"width": 1280, "height": 900})
    page.get_by_role("textbox", name="First name").fill(name)
    page.get_by_role("textbox", name="Last name").fill(name)
    page.get_by_role("button", name="Add person").click()
    toast = page.locator("#status")
    expect(toast).to_contain_text("was added.")
    assert plain in toast.inner_text()

    hostile = page.locator("tbody tr").filter(has_text=re.compile("^(?!Aaron|Zoe)"))
    expect(hostile.locator("bdi")).to_have_text([name, name])
    for label in "Edit", "Delete":
        button = hostile.get_by_role("button", name=re.compile(f"^{label} "))
        expect(button).to_have_accessible_name(re.compile(re.escape(plain)))
    assert_names_stay_in_place(page)

    with page.expect_response(re.compile(r"/api/people/\d+$")):
        hostile.get_by_role("button", name=re.compile("^Edit ")).click()
    for label in "First name", "Last name":
        expect(hostile.get_by_role("textbox", name=label)).to_have_value(name)
    hostile.get_by_role("textbox", name="First name").fill("Mine")
    # Someone else changes the last name; the conflict message shows the new one.
    fresh.database.execute("UPDATE people SET last_name = 'X' || substr(last_name, 2) WHERE id > 2"
                           " AND first_name NOT IN ('Aaron', 'Zoe')")
    hostile.get_by_role("button", name="Save").click()
    expect(hostile.get_by_text(CHANGED)).to_be_visible()
    expect(hostile.locator(".theirs bdi")).to_have_text([name, f"X{name[1:]}"])
    assert_names_stay_in_place(page)
    hostile.get_by_role("button", name="Take theirs").click()

    search(page).fill("never " + name)
    expect(page.get_by_text("No name begins with")).to_contain_text(name)
    assert_names_stay_in_place(page)
    search(page).fill(f"{name} X{name[1:]}")
    expect(last_names(page)).to_have_text([f"X{name[1:]}"])
    page.get_by_role("textbox", name="First name").fill(name)
    page.get_by_role("textbox", name="Last name").fill("Other")
    page.get_by_role("button", name="Add person").click()
    expect(page.get_by_text("was added to a part")).to_contain_text(name)
    assert_names_stay_in_place(page)

    with page.expect_response(re.compile(r"/api/people/\d+$")):
        hostile.get_by_role("button", name=re.compile("^Delete ")).click()
    fresh.database.execute("UPDATE people SET last_name = first_name WHERE last_name LIKE 'X%'")
    page.get_by_role("button", name="Delete", exact=True).click()
    question = hostile.get_by_role("alert").filter(has_text="The name is now")
    expect(question).to_contain_text(f"{name} {name}.")
    assert_names_stay_in_place(page)
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(toast).to_contain_text("was deleted.")
    assert plain in toast.inner_text()
    assert page.evaluate("window.harmed") is None


def assert_names_stay_in_place(page: Page) -> None:
    """Fails if a name makes the page wider, crosses its row's edge or is drawn outside its box."""
    for width in 320, 1280:
        resize(page, width, 900)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        assert spilling_names(page) == [], width


def spilling_names(page: Page) -> list[str]:
    return page.evaluate("""
        [...document.querySelectorAll('people-view bdi')].filter(node => {
            const around = node.closest('td, p').getBoundingClientRect();
            const own = node.getBoundingClientRect();
            const isClipped = [node, node.closest('p, .theirs, td')].some(
                one => getComputedStyle(one).overflowY === 'clip'
                    && getComputedStyle(one).display !== 'inline');
            return own.right > around.right + 1 || own.left < around.left - 1
                || own.bottom > around.bottom + 1 || !isClipped;
        }).map(node => node.outerHTML)""")


def test_a_name_that_is_too_long_is_kept_and_refused_with_a_message(
        visit: Visit, fresh: Site) -> None:
    page = visit()
    requests: list[str] = []
    page.on("request", lambda request: request.method == "POST" and requests.append(request.url))
    first = page.get_by_role("textbox", name="First name")
    first.fill("W" * 200)
    expect(page.get_by_text("30 characters at most; this has 200")).to_be_visible()
    expect(first).to_have_value("W" * 200)
    page.get_by_role("textbox", name="Last name").fill("Long")
    page.get_by_role("button", name="Add person").click()
    expect(first).to_be_focused()
    expect(first).to_have_value("W" * 200)

    # The server counts UTF-16 code units, of which each of these letters has two.
    first.fill("e\u0301" * 16)
    expect(page.get_by_text("30 characters at most; this has 32")).to_be_visible()
    first.fill("e\u0301" * 15)
    expect(page.get_by_text("characters at most")).to_have_count(0)
    assert requests == []
    page.get_by_role("button", name="Add person").click()
    expect(page.get_by_text("was added.")).to_be_visible()


def test_a_query_that_is_too_long_is_kept_and_not_sent(visit: Visit) -> None:
    page = visit(path=f"/people?q={'W' * 62}")
    expect(page.get_by_text("61 characters at most; this has 62")).to_be_visible()
    expect(row(page, "John Doe")).to_be_visible()
    search(page).fill("John")
    expect(page.get_by_text("characters at most")).to_have_count(0)
    expect(row(page, "Mike Clark")).to_have_count(0)

    search(page).fill("John" * 50)
    expect(page.get_by_text("61 characters at most; this has 200")).to_be_visible()
    expect(search(page)).to_have_value("John" * 50)
    expect(row(page, "John Doe")).to_be_visible()


def test_concurrent_changes_of_a_person_are_reported(visit: Visit, fresh: Site) -> None:
    seed(fresh, [("Ada", "Byron"), ("Grace", "Hopper")])
    mine, theirs = visit(), visit()
    start_editing(mine, "Ada Byron")
    first, last = edited(mine, "First name"), edited(mine, "Last name")
    first.fill("Augusta")
    rename(theirs, "Ada Byron", "King")

    mine.get_by_role("button", name="Save").click()
    expect(mine.get_by_text(CHANGED)).to_be_visible()
    expect(mine.get_by_text("Theirs: King")).to_be_visible()
    expect(first).to_have_value("Augusta")
    expect(last).to_have_value("Byron")
    assert stored(fresh, "Ada") == [("Ada", "King")]

    # The other user saves again before this user has decided which version to keep.
    rename(theirs, "Ada King", "Lovelace")
    mine.get_by_role("button", name="Save mine").click()
    expect(mine.get_by_text("Theirs: Lovelace")).to_be_visible()
    expect(first).to_have_value("Augusta")
    mine.get_by_role("button", name="Save mine").click()
    expect(mine.get_by_text("Augusta Byron was saved.")).to_be_visible()
    assert stored(fresh, "Augusta") == [("Augusta", "Byron")]

    # The reverse case: now the other page shows an outdated name.
    start_editing(theirs, "Ada Lovelace")
    expect(theirs.get_by_text("This is the new name.")).to_be_visible()
    edited(theirs, "Last name").fill("Bird")
    rename(mine, "Augusta Byron", "Noel")
    theirs.get_by_role("button", name="Save").click()
    theirs.get_by_role("button", name="Take theirs").click()
    expect(row(theirs, "Augusta Noel")).to_be_visible()
    expect(theirs.get_by_role("button", name="Edit Augusta Noel")).to_be_focused()
    assert stored(fresh, "Augusta") == [("Augusta", "Noel")]


def test_a_person_is_not_deleted_under_an_outdated_name(visit: Visit, fresh: Site) -> None:
    seed(fresh, [("Ada", "Byron"), ("Grace", "Hopper")])
    admin, other = visit(ADMIN), visit()
    with admin.expect_response(re.compile(r"/api/people/\d+$")):
        admin.get_by_role("button", name="Delete Ada Byron").click()
    expect(admin.get_by_role("button", name="Keep")).to_be_focused()
    rename(other, "Ada Byron", "King")

    admin.get_by_role("button", name="Delete", exact=True).click()
    expect(admin.get_by_text(f"{CHANGED} The name is now Ada King.")).to_be_visible()
    assert stored(fresh, "Ada") == [("Ada", "King")]
    admin.get_by_role("button", name="Delete", exact=True).click()

    expect(admin.get_by_text("Ada King was deleted.")).to_be_visible()
    expect(row(admin, "Ada")).to_have_count(0)
    expect(admin.get_by_role("button", name="Edit Grace Hopper")).to_be_focused()
    expect(admin.get_by_text("1 person").first).to_be_visible()
    assert stored(fresh, "Ada") == []

    # A new name that arrives after the deletion was cancelled is still shown.
    held: list[Route] = []
    admin.route(re.compile(r"/api/people/\d+$"), lambda route: held.append(route))
    rename(other, "Grace Hopper", "Murray")
    with admin.expect_request(re.compile(r"/api/people/\d+$")):
        admin.get_by_role("button", name="Delete Grace Hopper").click()
    admin.get_by_role("button", name="Keep").click()
    expect(admin.get_by_role("button", name="Delete Grace Hopper")).to_be_focused()
    held[0].continue_()
    expect(row(admin, "Grace Murray")).to_be_visible()
    expect(admin.get_by_role("button", name="Delete Grace Murray")).to_be_focused()

    # A page that still has the row reports the deletion and removes the row.
    other.get_by_role("button", name="Edit Ada King").click()
    expect(other.get_by_text("Ada King has already been deleted by someone else.")).to_be_visible()
    expect(row(other, "Ada")).to_have_count(0)


def test_typed_text_survives_a_search_and_the_end_of_the_session(visit: Visit, fresh: Site) -> None:
    seed(fresh, [*crowd(300), ("Zoe", "Zuse")])
    page = visit(path="/people?q=zuse")
    start_editing(page, "Zoe Zuse")
    edited(page, "First name").fill("Konrad")

    search(page).fill("family00001")
    expect(row(page, "Family000012")).to_be_visible()
    fields = edited(page, "First name")
    expect(fields).to_have_value("Konrad")

    page.context.clear_cookies()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your session has ended. Please log in again.")).to_be_visible()
    log_in(page, *JOHN)
    cookies(page)
    expect(search(page)).to_have_value("family00001")
    expect(fields).to_have_value("Konrad")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Konrad Zuse was saved.")).to_be_visible()
    # The saved person does not match the query.
    expect(row(page, "Konrad")).to_have_count(0)
    expect(search(page)).to_be_focused()
    assert stored(fresh, "Konrad") == [("Konrad", "Zuse")]


def test_typed_text_survives_while_the_server_is_unavailable(visit: Visit, fresh: Site) -> None:
    seed(fresh, [("Ada", "Byron"), ("Grace", "Hopper")])
    page = visit()
    page.route("**/api/people**", lambda route: route.abort())

    page.get_by_role("button", name="Edit Ada Byron").click()
    edited(page, "Last name").fill("King")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text(f"{UNREACHABLE} Please try again in a moment. What you typed is kept.")
           ).to_be_visible()
    search(page).fill("gr")
    expect(page.get_by_text("The previous list is still shown.")).to_be_visible()
    expect(row(page, "Grace Hopper")).to_be_visible()

    page.unroute_all()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="People")).to_be_focused()
    expect(page.get_by_text(UNREACHABLE)).to_have_count(1)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Ada King was saved.")).to_be_visible()
    expect(page.get_by_text(UNREACHABLE)).to_have_count(0)
    expect(last_names(page)).to_have_text(["Hopper"])
    assert stored(fresh, "Ada") == [("Ada", "King")]


def test_a_list_that_failed_to_load_is_loaded_again(visit: Visit, fresh: Site) -> None:
    page = visit()
    page.route("**/api/people?*", lambda route: route.abort())
    page.reload()
    expect(page.get_by_text(UNREACHABLE)).to_be_visible()
    expect(page.get_by_role("table")).to_have_count(0)

    page.unroute_all()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(row(page, "John Doe")).to_be_visible()
    expect(page.get_by_text(UNREACHABLE)).to_have_count(0)


# JavaScript that runs before the page's modules and records when the first rows are painted.
WATCH = """
    globalThis.firstRows = new Promise(resolve => {
        new MutationObserver((changes, observer) => {
            if (!document.querySelector('tbody tr')) return;
            observer.disconnect();
            // The rows are painted in the next frame, so the task after it comes later.
            requestAnimationFrame(() => {
                const { port1, port2 } = new MessageChannel();
                port1.onmessage = () => resolve(performance.now());
                port2.postMessage('');
            });
        }).observe(document, { childList: true, subtree: true });
    });
"""


def first_rows(page: Page) -> float:
    """Reloads and returns the milliseconds from the end of the response to the painted rows."""
    page.reload()
    expect(page.get_by_text(re.compile("^[0-9,]{3,} people$")).first).to_be_visible()
    return page.evaluate(
        "firstRows.then(at => at - performance.getEntriesByType('resource')"
        ".find(({ name }) => name.includes('/api/people?')).responseEnd)")


def longest_tasks(page: Page, work: Callable[[], None]) -> list[tuple[float, float]]:
    """Runs `work` and returns the main thread's tasks during it, longest first.

    Each task is its processor time and its duration, in milliseconds. They differ on a busy
    machine, where other programs use the processor too.
    """
    session = page.context.new_cdp_session(page)
    events: list[dict] = []
    ended: list[dict] = []
    session.on("Tracing.dataCollected", lambda batch: events.extend(batch["value"]))
    session.on("Tracing.tracingComplete", lambda event: ended.append(event))
    session.send("Tracing.start", {
        "categories": "toplevel,disabled-by-default-devtools.timeline",
        "transferMode": "ReportEvents"})
    work()
    session.send("Tracing.end")
    while not ended:
        page.evaluate("new Promise(requestAnimationFrame)")
    session.detach()
    main = {(event["pid"], event["tid"]) for event in events
            if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"}
    tasks = [(event.get("tdur", 0) / 1000, event["dur"] / 1000) for event in events
             if event["name"].endswith("RunTask") and event["ph"] == "X"
             and (event["pid"], event["tid"]) in main]
    assert len(tasks) > 100, "the trace shows no tasks"
    return sorted(tasks, reverse=True)


def test_a_hundred_thousand_people_do_not_freeze_the_page(visit: Visit, fresh: Site) -> None:
    seed(fresh, crowd(100_000))
    page = visit(viewport={"width": 1280, "height": 720})
    page.add_init_script(WATCH)
    elements = "document.querySelectorAll('*').length"

    # Other programs slow the page down, so the fastest of five is closest to its own time.
    delays = [first_rows(page) for _ in range(5)]
    print(f"first rows after the response: {[round(delay) for delay in delays]} ms")
    assert min(delays) <= scaled(usual=500, full=100)

    most = 0

    def scroll() -> None:
        nonlocal most
        page.mouse.move(640, 500)
        while not row(page, f"Family{scaled(1000, full=3000):06}").count():
            page.mouse.wheel(0, 1200)
            page.evaluate("new Promise(requestAnimationFrame)")
            most = max(most, page.evaluate(elements))

    def find() -> None:
        for text, first in ("Family0999", 99_900), ("ada family00", 3), ("eve Family0300", 30_002):
            search(page).press_sequentially(text, delay=40)
            expect(last_names(page).first).to_have_text(name_of(first)[1])
            search(page).fill("")
            expect(last_names(page).first).to_have_text(name_of(1)[1])

    for what, work in ("scrolling", scroll), ("finding", find):
        tasks = longest_tasks(page, work)
        print(f"{what}: longest tasks (processor time, duration): {tasks[:4]} ms")
        # Even processor time grows when other programs use the caches. A page that handles all
        # rows at once takes seconds.
        assert tasks[0][0] <= scaled(usual=250, full=50)
    print(f"elements in the document while scrolling: {most} at most")
    assert most <= 2_500
