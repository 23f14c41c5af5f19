"""Browsers as the server sees them: tabs that share one cookie jar, behind a simulated network.

Responses are delayed, overtake one another or get lost. The tabs do not coordinate.
"""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable

from .client import Answer
from .jar import Jar, Network
from .load import LOST
from .polling import pause, until


class Tab(threading.Thread):
    """Refreshes and uses the tokens, one request after the other, until all tabs are stopped.

    With `forgiving`, requests may be lost when the server dies (502 or no response at all).
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
        except Exception as error:  # a thread must not end unnoticed
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

        # The request carries the jar's cookies as of now; they may be outdated when it arrives.
        sent, pair = time.monotonic(), jar.tokens
        is_offline = sent < jar.offline_until
        # The simulated network carries the request.
        pause(there)
        self.browsers.sending.set()
        answer = self.ask("refreshed", lambda: jar.refresh(self.client, pair))
        if answer is None:
            return
        if is_lost or is_offline:
            jar.count("lost offline" if is_offline else "lost")
            return
        # The simulated network carries the response.
        pause(under_way - there)
        if time.monotonic() - sent > network.longest:
            jar.count("too late")
        else:
            jar.land(answer)

    def work(self) -> None:
        pair = self.jar.tokens
        # The user waits a little before the next request.
        pause(self.random.uniform(0, self.network.delay / 2))
        self.ask("used", lambda: self.jar.use(self.client, pair))

    def ask(self, what: str, send: Callable[[], Answer]) -> Answer | None:
        """Returns the response, or None if it was lost. Every refusal is a failure."""
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
        """Pauses all tabs of the jar now and then; in between they work for about a window."""
        burst = self.network.window / (self.network.delay / 2) * self.jar.tabs
        if self.random.random() < 1 / burst:
            self.jar.begin_rest(self.random, self.network)
        while (seconds := self.jar.rest_of_rest()) > 0 and not self.browsers.stopping.wait(seconds):
            pass


class Browsers:
    """Runs the tabs of several jars in parallel while the body of the `with` statement runs."""

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
        """Waits for a number of further successful refreshes; fails as soon as a tab does.

        The number is for a jar with eight tabs; for other jars it is in proportion to their tabs.
        """
        self.go_on(refreshes, within)
        assert not self.failures, self.failures[:5]

    def go_on(self, refreshes: int, within: float) -> None:
        """Does the same as `work`, but returns when a tab fails."""
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
        """Fails unless every jar still has its session, and can refresh and use its tokens."""
        for jar in self.jars:
            client = jar.site.client()
            answer = jar.refresh(client)
            assert answer.status == 200, (jar.name, answer.status, answer.body)
            jar.land(answer)
            assert jar.use(client).status == 200, jar.name
            client.close()
