"""The page is there at once, also on a processor four times slower and with nothing in a cache."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, CDPSession, Page, Route, expect

from harness.browser import browser, executable
from harness.polling import until
from harness.scale import IS_FULL
from harness.site import Site
from views import VIEWS, opened

# Milliseconds from the request to the largest paint, on a processor so many times slower.
LONGEST, SLOWER = 200, 4
# What else the machine does only makes it later: the best of some tries counts.
TRIES = 12

# The time of the largest paint once that is of the view, no longer of the header.
LARGEST_PAINT = """new Promise((done, fail) => {
    new PerformanceObserver(list => {
        const { element, startTime } = list.getEntries().at(-1);
        if (element?.closest('SELECTOR')) done(startTime);
    }).observe({ type: 'largest-contentful-paint', buffered: true });
    setTimeout(() => fail('SELECTOR was not painted'), 15_000);
})"""

VIEWS_TO_LOAD = [("login", "login-view"), ("people", "people-view")]


@pytest.fixture(scope="module")
def chromium(site: Site) -> Iterator[Browser]:
    assert executable(), "chromium is missing: apt-get install chromium libnss3-tools"
    with browser(site.directory / "speed", site.authority) as window:
        yield window.browser


@pytest.fixture(params=VIEWS_TO_LOAD, ids=[name for name, _ in VIEWS_TO_LOAD])
def view(request: pytest.FixtureRequest, site: Site, chromium: Browser) -> Iterator[tuple]:
    """A view that is open, and what stands on it."""
    name, selector = request.param
    with opened(next(view for view in VIEWS if view.name == name), site, chromium) as page:
        yield page, selector


def load(page: Page, session: CDPSession, address: str, selector: str) -> int:
    """Loads the page as for the first time; milliseconds to the largest paint."""
    page.goto(address, wait_until="commit")
    # Not by Playwright, whose own script would be compiled meanwhile.
    found = session.send("Runtime.evaluate", {
        "expression": LARGEST_PAINT.replace("SELECTOR", selector),
        "awaitPromise": True, "returnByValue": True})
    assert "exceptionDetails" not in found, found
    return round(found["result"]["value"])


def emptied(page: Page) -> CDPSession:
    session = page.context.new_cdp_session(page)
    session.send("Network.clearBrowserCache")
    page.goto("about:blank")
    return session


def test_the_largest_paint_is_soon(view: tuple[Page, str]) -> None:
    page, selector = view
    address = page.url
    tries: list[int] = []
    while len(tries) < TRIES and min(tries, default=LONGEST) >= LONGEST:
        session = emptied(page)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        tries.append(load(page, session, address, selector))
        session.detach()

    print(f"{selector}: largest paint after {tries} ms")
    # By the clock, it is a measure of the machine too: `make acceptance` insists on it, and the next
    # test on what is the page's own.
    if min(tries) >= LONGEST and not IS_FULL:
        pytest.skip(f"{min(tries)} ms at best, {LONGEST} wanted")
    assert min(tries) < LONGEST, tries


def processor_time(trace: bytes, wait: int) -> float:
    """Milliseconds of the page's main thread in those of the wait for the largest paint."""
    events = json.loads(trace)["traceEvents"]
    paint = max((event for event in events
                 if event["name"] == "largestContentfulPaint::Candidate"),
                key=lambda event: event["ts"])
    thread = [event for event in events
              if (event["pid"], event["tid"]) == (paint["pid"], paint["tid"])]
    start = paint["ts"] - wait * 1000
    tasks = sorted((event for event in thread if event["ph"] == "X" and "tdur" in event
                    and start <= event["ts"] <= paint["ts"]),
                   key=lambda event: (event["ts"], -event["dur"]))
    used, end = 0, 0
    for task in tasks:
        # What is inside of another is counted with that.
        if task["ts"] >= end:
            used += task["tdur"]
            end = task["ts"] + task["dur"]
    assert used > 0, "the trace shows no work"
    return used / 1000


def test_the_largest_paint_takes_little_work(view: tuple[Page, str], chromium: Browser) -> None:
    page, selector = view
    address = page.url
    tries: list[int] = []
    for _ in range(5):
        session = emptied(page)
        chromium.start_tracing(page=page, categories=["toplevel", "loading"])
        wait = load(page, session, address, selector)
        tries.append(round(processor_time(chromium.stop_tracing(), wait) * SLOWER))
        session.detach()

    print(f"{selector}: {tries} ms of a slow processor until the largest paint")
    assert min(tries) < LONGEST, tries


def test_the_view_comes_while_the_server_says_who_it_is(site: Site, chromium: Browser) -> None:
    people = next(view for view in VIEWS if view.name == "people")
    with opened(people, site, chromium) as page:
        held: list[Route] = []
        page.route("**/api/auth/me", lambda route: held.append(route))
        with page.expect_request("**/views/people.js"):
            page.reload(wait_until="commit")
        with page.expect_response("**/api/auth/me"):
            until(lambda: page.evaluate("1") and held, "the page asks who it is")
            held[0].continue_()

        expect(page.get_by_text("Mike")).to_be_visible()
