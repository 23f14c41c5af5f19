"""A browser as the server knows it: tabs that share one cookie jar, and a network between.

Answers are held up, overtake one another and get lost; the tabs know nothing of each other.
"""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from . import tokens
from .client import Answer, Client, Headers, Tokens
from .load import LOST
from .polling import until
from .site import Site


@dataclass(frozen=True)
class Network:
    """How long an exchange is under way at most, in seconds, and what part gets lost."""

    window: float
    delay: float
    loss: float = 0.1

    @property
    def longest(self) -> float:
        """What the rule assumes: an answer that is later than this never lands.

        Less than half a window, which is shorter by a tenth while the server makes up for a step
        of the system's clock.
        """
        return 0.44 * self.window


class Jar:
    """The cookies of one session, both replaced at once by each answer that lands."""

    def __init__(
        self, site: Site, name: str, email: str, password: str = "John@123", tabs: int = 8
    ):
        self.site = site
        self.tabs = tabs
        self.name = name
        self.random = random.Random(name)
        # Browsers differ in what they say of themselves.
        same_origin = ("Sec-Fetch-Site", "same-origin")
        origin = ("Origin", f"https://localhost:{site.nginx.port}")
        self.marks: Headers = self.random.choice([[same_origin, origin], [same_origin], [origin]])
        client = site.client()
        self.tokens = client.log_in(email, password)
        client.close()
        # Each generation's token, whether it landed or not.
        self.handed_out = {0: self.tokens.refresh}
        # Answers in the order in which they were given, and the latest that landed.
        self.answers: list[Answer] = []
        self.landed = -1
        # When nobody touches the browser: from, until; and until when no answer arrives.
        self.rests: list[tuple[float, float]] = []
        self.offline_until = 0.0
        self.counts: Counter[str] = Counter()
        self.failures: list[str] = []
        self.lock = threading.Lock()

    @property
    def session(self) -> int:
        return int(tokens.read(self.tokens.refresh)[1]["sid"])

    def refresh(self, client: Client, pair: Tokens | None = None) -> Answer:
        """Presents the jar's refresh token, or one from before; the answer is not landed yet."""
        answer = self.present(client, (pair or self.tokens).refresh)
        if answer.status == 200:
            handed = answer.json["refreshToken"]
            generation = tokens.read(handed)[1]["gen"]
            with self.lock:
                self.answers.append(answer)
                known = self.handed_out.setdefault(generation, handed)
            assert known == handed, "a generation's token is the same each time"
        return answer

    def present(self, client: Client, token: str) -> Answer:
        """Presents any refresh token as this browser would."""
        cookie = ("Cookie", f"refreshToken={token}")
        return client.request("POST", "/api/auth/refresh", [cookie, *self.marks])

    def use(self, client: Client, pair: Tokens | None = None) -> Answer:
        """Asks who is signed in by the jar's access token, or by one from before."""
        access = (pair or self.tokens).access
        return client.request("GET", "/api/auth/me", [("Cookie", f"accessToken={access}")])

    def land(self, answer: Answer) -> None:
        """Takes an answer's cookies in place of those in the jar, newer or not."""
        cookies = answer.cookies
        with self.lock:
            # Whoever has shown the newest refresh token keeps it.
            refresh = cookies.get("refreshToken")
            self.tokens = Tokens(
                cookies["accessToken"].value, refresh.value if refresh else self.tokens.refresh)
            place = next(
                place for place, given in enumerate(self.answers) if given is answer)
            self.counts["overtaken"] += place < self.landed
            self.landed = max(self.landed, place)

    def begin_rest(self, chance: random.Random, network: Network) -> None:
        """Is left alone for about a window, after which a new generation is due.

        Half the times the browser is offline when it wakes: whatever it asks for first gets lost,
        and by the next time that it wakes the window has passed, or nearly so.
        """
        def about_a_window() -> float:
            return chance.uniform(0.5, 1.5) * network.window

        now = time.monotonic()
        if any(now < until for _, until in self.rests):
            return
        wakes = now + about_a_window()
        self.rests = [(now, wakes)]
        if chance.random() < 0.5:
            self.offline_until = wakes + chance.uniform(0, 2 * network.delay)
            self.rests.append((self.offline_until, self.offline_until + about_a_window()))

    def rest_of_rest(self) -> float:
        """For how many seconds nobody touches the browser now."""
        now = time.monotonic()
        return max((until - now for begins, until in self.rests if begins <= now), default=0.0)

    def count(self, what: str) -> None:
        with self.lock:
            self.counts[what] += 1


class Tab(threading.Thread):
    """Refreshes and works, one request after the other, until all tabs are told to stop.

    With `forgiving`, requests may get lost with the server (502 or no answer at all).
    """

    def __init__(self, jar: Jar, number: int, network: Network, browsers: "Browsers"):
        super().__init__(name=f"{jar.name} tab {number}", daemon=True)
        self.jar = jar
        self.network = network
        self.browsers = browsers
        self.random = random.Random(self.name)
        self.client = jar.site.client()

    def run(self) -> None:
        try:
            while not self.browsers.stopping.is_set():
                self.refresh()
                if self.random.random() < 0.5:
                    self.work()
                self.rest()
        except Exception as error:  # a thread must not end in silence
            self.fail(repr(error))
        finally:
            self.client.close()

    def fail(self, what: str) -> None:
        self.jar.failures.append(f"{self.name}: {what}")
        self.browsers.stopping.set()

    def refresh(self) -> None:
        jar, network = self.jar, self.network
        is_lost = self.random.random() < network.loss
        under_way = self.random.uniform(0, network.delay)
        there = under_way * self.random.choice([0.0, 0.0, self.random.random()])

        # What is in the jar when the request leaves may be old when it arrives.
        sent, pair = time.monotonic(), jar.tokens
        is_offline = sent < jar.offline_until
        time.sleep(there)
        self.browsers.sending.set()
        answer = self.ask("refreshed", lambda: jar.refresh(self.client, pair))
        if answer is None:
            return
        if is_lost or is_offline:
            jar.count("lost offline" if is_offline else "lost")
            return
        time.sleep(under_way - there)
        if time.monotonic() - sent > network.longest:
            jar.count("too late")
        else:
            jar.land(answer)

    def work(self) -> None:
        pair = self.jar.tokens
        time.sleep(self.random.uniform(0, self.network.delay / 2))
        self.ask("used", lambda: self.jar.use(self.client, pair))

    def ask(self, what: str, send: Callable[[], Answer]) -> Answer | None:
        """The answer, or None where it got lost; no refusal is right."""
        try:
            answer = send()
        except LOST as error:
            answer, said = None, repr(error)
        else:
            said = f"{answer.status} {answer.body[:100]!r}"
        if answer is not None and answer.status == 200:
            self.jar.count(what)
            return answer
        if self.browsers.forgiving and (answer is None or answer.status == 502):
            self.jar.count("lost with the server")
            self.client.close()
        else:
            self.fail(f"{what}: {said}")
        return None

    def rest(self) -> None:
        """All tabs of the jar at once, now and then: they work for about a window in between."""
        burst = self.network.window / (self.network.delay / 2) * self.jar.tabs
        if self.random.random() < 1 / burst:
            self.jar.begin_rest(self.random, self.network)
        while (seconds := self.jar.rest_of_rest()) > 0 and not self.browsers.stopping.wait(seconds):
            pass


class Browsers:
    """Some jars side by side, and the tabs of each at work while the body of the `with` runs."""

    def __init__(self, jars: list[Jar], network: Network, forgiving: bool = False):
        self.jars = jars
        self.network = network
        self.forgiving = forgiving
        self.stopping = threading.Event()
        # Set whenever a refresh is sent.
        self.sending = threading.Event()
        self.tabs = [Tab(jar, number, network, self) for jar in jars for number in range(jar.tabs)]

    def __enter__(self) -> "Browsers":
        for tab in self.tabs:
            tab.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stopping.set()
        for tab in self.tabs:
            tab.join(30)
        assert not any(tab.is_alive() for tab in self.tabs)

    def work(self, refreshes: int, within: float) -> None:
        """Waits for so many more answered refreshes of a jar of eight tabs, and of the others as
        their tabs make; fails as soon as a tab does.
        """
        self.go_on(refreshes, within)
        assert not self.failures, self.failures[:5]

    def go_on(self, refreshes: int, within: float) -> None:
        """As `work`, or until a tab fails."""
        goals = [jar.counts["refreshed"] + refreshes * jar.tabs // 8 for jar in self.jars]
        until(
            lambda: self.stopping.is_set() or all(
                jar.counts["refreshed"] >= goal for jar, goal in zip(self.jars, goals)),
            f"{refreshes} more refreshes of each jar", within)

    @property
    def failures(self) -> list[str]:
        return [failure for jar in self.jars for failure in jar.failures]

    @property
    def counts(self) -> Counter[str]:
        counts: Counter[str] = Counter()
        for jar in self.jars:
            counts += jar.counts
            counts["generations"] += len(jar.handed_out)
        return counts

    def are_signed_in(self) -> None:
        """Fails unless every jar still has its session, and can refresh and work."""
        for jar in self.jars:
            client = jar.site.client()
            answer = jar.refresh(client)
            assert answer.status == 200, (jar.name, answer.status, answer.body)
            jar.land(answer)
            assert jar.use(client).status == 200, jar.name
            client.close()
