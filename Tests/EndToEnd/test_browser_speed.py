"""The page is there at once, also on a processor four times slower and with nothing in a cache."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from harness.browser import browser, executable
from harness.devtools import Tab, tab
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


@dataclass(frozen=True)
class Load:
    """A view to be loaded, with the cookies of who sees it, in a browser that does nothing else."""

    tab: Tab
    address: str
    selector: str

    def from_nothing(self) -> None:
        self.tab.send("Emulation.setCPUThrottlingRate", rate=1)
        self.tab.send("Network.clearBrowserCache")
        self.tab.send("Page.navigate", url="about:blank")

    def time(self) -> int:
        """Loads the page; milliseconds to the largest paint."""
        self.tab.send("Page.navigate", url=self.address)
        found = self.tab.send(
            "Runtime.evaluate", expression=LARGEST_PAINT.replace("SELECTOR", self.selector),
            awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in found, found
        return round(found["result"]["value"])


@pytest.fixture(params=VIEWS_TO_LOAD, ids=[name for name, _ in VIEWS_TO_LOAD])
def view(
        request: pytest.FixtureRequest, site: Site, chromium: Browser,
        tmp_path: Path) -> Iterator[Load]:
    name, selector = request.param
    with opened(next(view for view in VIEWS if view.name == name), site, chromium) as page:
        address, cookies = page.url, page.context.cookies()
    with tab(site.directory / "speed" / "home", tmp_path / "profile") as bare:
        bare.send("Network.setCookies", cookies=cookies)
        yield Load(bare, address, selector)


def test_the_largest_paint_is_soon(view: Load) -> None:
    tries: list[int] = []
    while len(tries) < TRIES and min(tries, default=LONGEST) >= LONGEST:
        view.from_nothing()
        view.tab.send("Emulation.setCPUThrottlingRate", rate=SLOWER)
        tries.append(view.time())

    print(f"{view.selector}: largest paint after {tries} ms")
    # By the clock, it is a measure of the machine too: `make acceptance` insists on it, and the next
    # test on what is the page's own.
    if min(tries) >= LONGEST and not IS_FULL:
        pytest.skip(f"{min(tries)} ms at best, {LONGEST} wanted")
    assert min(tries) < LONGEST, tries


def processor_time(events: list[dict], wait: int) -> float:
    """Milliseconds of the page's main thread in those of the wait for the largest paint."""
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


def test_the_largest_paint_takes_little_work(view: Load) -> None:
    tries: list[int] = []
    for _ in range(5):
        view.from_nothing()
        view.tab.trace(["toplevel", "loading"])
        wait = view.time()
        tries.append(round(processor_time(view.tab.traced(), wait) * SLOWER))

    print(f"{view.selector}: {tries} ms of a slow processor until the largest paint")
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
