"""Six tabs of one browser stay signed in with access tokens that expire within seconds.

The page's own module decides when to refresh: once with locks and messages between the tabs, and
once in a browser that has neither.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, Response, expect

from harness.browser import browser, executable, page_errors
from harness.polling import until
from harness.scale import amount
from harness.site import Site
from page import cookies, log_in

EMAIL, PASSWORD = "john@example.com", "John@123"
TABS = 6
# The number of requests of each tab, two a second; the full test takes two minutes.
ASKS = amount("ASKS", 30, 240)
PERIOD = 0.5
LIFETIME = 5
# A refresh may take half of the window (docs/rotation.md), and an access token must live longer
# than the window.
WINDOW = 4
SETTINGS = {
    "JWT_EXPIRES_IN": f"{LIFETIME}s",
    "REFRESH_TOKEN_EXPIRES_IN": "1h",
    "GATEHOUSE_REFRESH_WINDOW": f"{WINDOW}s",
}

# JavaScript: switches between two views, as a quick user does. Every second time all tabs do so at
# the same moment, so that all of them find the access token expired at once. The other times they
# are slightly apart.
WORK = """({ number, period }) => {
    globalThis.asked = 0;
    globalThis.stranded = null;
    const rest = () => period - Date.now() % period;
    const ask = () => {
        const path = location.pathname === '/people' ? '/account' : '/people';
        const link = document.querySelector(`nav a[href="${path}"]`);
        if (link === null) return globalThis.stranded = location.pathname;
        link.click();
        asked += 1;
        setTimeout(ask, rest() + (asked % 2 ? 11 * number : 0));
    };
    setTimeout(ask, rest());
}"""

# Runs before the page's modules and removes both of the browser's means of coordination.
WITHOUT_COORDINATION = """\
delete globalThis.BroadcastChannel;
delete Navigator.prototype.locks;"""
KINDS = "() => [typeof BroadcastChannel, typeof navigator.locks]"


@dataclass
class Tabs:
    """The tabs of one browser, with the paths, responses and errors that were observed."""

    context: BrowserContext
    address: str
    pages: list[Page] = field(default_factory=list)
    errors: list[list[str]] = field(default_factory=list)
    visited: set[str] = field(default_factory=set)
    responses: Counter[tuple[str, int]] = field(default_factory=Counter)

    def open(self) -> None:
        """Opens the tabs. The first one logs in; the others are then logged in, too."""
        for number in range(TABS):
            page = self.context.new_page()
            self.pages.append(page)
            self.errors.append(page_errors(page))
            page.goto(self.address)
            if number == 0:
                log_in(page, EMAIL, PASSWORD)
            expect(page.get_by_role("heading", name="People", exact=True)).to_be_visible()
            page.on("framenavigated", lambda frame: self.visited.add(urlsplit(frame.url).path))
            page.on("response", self.record)

    def record(self, response: Response) -> None:
        path = urlsplit(response.url).path
        if path.startswith("/api/"):
            self.responses[path, response.status] += 1

    def work(self) -> None:
        for number, page in enumerate(self.pages):
            page.evaluate(WORK, {"number": number, "period": PERIOD * 1000})
        until(self.have_worked, f"{ASKS} requests of each tab", within=60 + 3 * ASKS * PERIOD)

    def have_worked(self) -> bool:
        """Fails as soon as a refresh is refused or a tab is no longer signed in."""
        # Playwright receives responses only while one of its own calls waits.
        self.pages[0].wait_for_timeout(200)
        assert self.refreshes.keys() <= {200}, self.responses
        states = [page.evaluate("[asked, stranded]") for page in self.pages]
        assert [stranded for _, stranded in states] == [None] * TABS
        return all(asked >= ASKS for asked, _ in states)

    def are_signed_in(self) -> None:
        for page in self.pages:
            page.reload()
            expect(page.get_by_role("navigation").get_by_text(EMAIL)).to_be_visible()
        cookies(self.pages[0])

    @property
    def refreshes(self) -> Counter[int]:
        return Counter({
            status: count for (path, status), count in self.responses.items()
            if path == "/api/auth/refresh"})


# Playwright starts Chromium with options that keep timers of background tabs at full speed.
@pytest.mark.parametrize("is_coordinated", [True, False], ids=["coordinated", "uncoordinated"])
def test_six_tabs_stay_signed_in(site_for: Callable[..., Site], is_coordinated: bool) -> None:
    assert executable(), "chromium is missing: apt-get install chromium libnss3-tools"
    name = f"six-tabs-{is_coordinated}".lower()
    # With the rate limits of nginx as shipped.
    with site_for(name, SETTINGS, lift_rates=False) as site, browser(
            site.directory / "browser", site.authority) as context:
        if not is_coordinated:
            context.add_init_script(WITHOUT_COORDINATION)
        tabs = Tabs(context, f"https://localhost:{site.nginx.port}/people")
        tabs.open()
        kinds = ["function", "object"] if is_coordinated else ["undefined", "undefined"]
        assert [page.evaluate(KINDS) for page in tabs.pages] == [kinds] * TABS

        tabs.work()
        tabs.are_signed_in()
        check(tabs, site)


def check(tabs: Tabs, site: Site) -> None:
    ((generation, ended_at),) = site.database.execute("SELECT generation, ended_at FROM sessions")
    print(f"refreshes {dict(tabs.refreshes)}, generations {generation}: {dict(tabs.responses)}")
    assert tabs.visited == {"/people", "/account"}
    assert tabs.errors == [[]] * TABS
    assert ended_at is None
    kinds = site.database.execute("SELECT DISTINCT kind FROM events ORDER BY kind")
    assert kinds == [("login",), ("refresh",)]
    assert tabs.refreshes.keys() == {200}
    # An expired access token gets 403 while its cookie is still there, and 401 after that.
    assert {status for _, status in tabs.responses} <= {200, 401, 403}, tabs.responses
    # One refresh for each lifetime; half of them on a slow machine.
    assert generation >= ASKS * PERIOD / LIFETIME / 2
