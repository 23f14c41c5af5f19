"""Six tabs of one browser, whose access tokens live for seconds: none is ever sent to the login.

The page's own module decides when to refresh, with its tabs in turn and with each on its own.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, Response, expect

from harness.browser import browser, complaints, executable
from harness.polling import until
from harness.scale import amount
from harness.site import Site
from page import cookies, log_in

EMAIL, PASSWORD = "john@example.com", "John@123"
TABS = 6
# How often each tab asks, twice a second: in full for two minutes.
ASKS = amount("ASKS", 30, 240)
PERIOD = 0.5
LIFETIME = 5
# A refresh may be under way for half of it (docs/rotation.md); a token must outlive it.
WINDOW = 4
SETTINGS = {
    "JWT_EXPIRES_IN": f"{LIFETIME}s",
    "REFRESH_TOKEN_EXPIRES_IN": "1h",
    "GATEHOUSE_REFRESH_WINDOW": f"{WINDOW}s",
}

# Goes to and fro between two pages, as a person with a quick hand. Every other time all tabs do it
# in the same instant, so that all find the access token gone at once; else a little apart.
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

# Runs before the page's modules: a browser that has neither.
WITHOUT_COORDINATION = """\
delete globalThis.BroadcastChannel;
delete Navigator.prototype.locks;"""
KINDS = "() => [typeof BroadcastChannel, typeof navigator.locks]"


@dataclass
class Tabs:
    """The tabs of one browser, and what was seen of them."""

    context: BrowserContext
    address: str
    pages: list[Page] = field(default_factory=list)
    complained: list[list[str]] = field(default_factory=list)
    visited: set[str] = field(default_factory=set)
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)

    def open(self) -> None:
        """The first logs in, the others find themselves logged in."""
        for number in range(TABS):
            page = self.context.new_page()
            self.pages.append(page)
            self.complained.append(complaints(page))
            page.goto(self.address)
            if number == 0:
                log_in(page, EMAIL, PASSWORD)
            expect(page.get_by_role("heading", name="People", exact=True)).to_be_visible()
            page.on("framenavigated", lambda frame: self.visited.add(urlsplit(frame.url).path))
            page.on("response", self.note)

    def note(self, response: Response) -> None:
        path = urlsplit(response.url).path
        if path.startswith("/api/"):
            self.answers[path, response.status] += 1

    def work(self) -> None:
        for number, page in enumerate(self.pages):
            page.evaluate(WORK, {"number": number, "period": PERIOD * 1000})
        until(self.have_worked, f"{ASKS} times in each tab", within=60 + 3 * ASKS * PERIOD)

    def have_worked(self) -> bool:
        """Fails as soon as a refresh is refused, or a tab has nothing to go on with."""
        self.pages[0].wait_for_timeout(200)
        assert self.refreshes.keys() <= {200}, self.answers
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
            status: count for (path, status), count in self.answers.items()
            if path == "/api/auth/refresh"})


# Playwright starts Chromium so that it does not slow down the timers of tabs in the background.
@pytest.mark.parametrize("is_coordinated", [True, False], ids=["in turn", "each on its own"])
def test_six_tabs_stay_signed_in(site_for: Callable[..., Site], is_coordinated: bool) -> None:
    assert executable(), "chromium is missing: apt-get install chromium libnss3-tools"
    name = f"six-tabs-{is_coordinated}".lower()
    # With nginx's rates as they ship.
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
    print(f"refreshes {dict(tabs.refreshes)}, generations {generation}: {dict(tabs.answers)}")
    assert tabs.visited == {"/people", "/account"}
    assert tabs.complained == [[]] * TABS
    assert ended_at is None
    kinds = site.database.execute("SELECT DISTINCT kind FROM events ORDER BY kind")
    assert kinds == [("login",), ("refresh",)]
    assert tabs.refreshes.keys() == {200}
    # A token that has just run out is 403 where its cookie is still there, else 401.
    assert {status for _, status in tabs.answers} <= {200, 401, 403}, tabs.answers
    # One for each lifetime, and half of them where the machine is slow.
    assert generation >= ASKS * PERIOD / LIFETIME / 2
