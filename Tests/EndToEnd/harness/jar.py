"""The cookie jar of one browser session, and a network that delays and loses responses."""

import random
import threading
import time
from collections import Counter
from dataclasses import dataclass

from . import tokens
from .client import Answer, Client, Headers, Tokens
from .site import Site


@dataclass(frozen=True)
class Network:
    """The server's refresh window and the longest delay, in seconds, and the fraction lost."""

    window: float
    delay: float
    loss: float = 0.1

    @property
    def longest(self) -> float:
        """The longest refresh whose response lands (L in docs/rotation.md).

        L must be less than half a window, and the window is a tenth shorter while the server
        adjusts to a step of the system's clock.
        """
        return 0.44 * self.window


class Jar:
    """The cookies of one session. A response that lands sets all its cookies at once."""

    def __init__(
        self, site: Site, name: str, email: str, password: str = "John@123", tabs: int = 8
    ):
        self.site = site
        self.tabs = tabs
        self.name = name
        self.random = random.Random(name)
        # Browsers differ in which of these headers they send.
        same_origin = ("Sec-Fetch-Site", "same-origin")
        origin = ("Origin", f"https://localhost:{site.nginx.port}")
        self.marks: Headers = self.random.choice([[same_origin, origin], [same_origin], [origin]])
        client = site.client()
        self.tokens = client.log_in(email, password)
        client.close()
        # The refresh token of each generation, whether its response landed or not.
        self.handed_out = {0: self.tokens.refresh}
        # Responses in the order in which they were received, and the index of the latest to land.
        self.answers: list[Answer] = []
        self.landed = -1
        # The idle periods (begin, end), and the time until which every response is lost.
        self.rests: list[tuple[float, float]] = []
        self.offline_until = 0.0
        self.counts: Counter[str] = Counter()
        self.failures: list[str] = []
        self.lock = threading.Lock()

    @property
    def session(self) -> int:
        return int(tokens.read(self.tokens.refresh)[1]["sid"])

    def refresh(self, client: Client, pair: Tokens | None = None) -> Answer:
        """Sends the jar's refresh token, or an earlier one. The response does not land yet."""
        answer = self.present(client, (pair or self.tokens).refresh)
        if answer.status == 200:
            handed = answer.json["refreshToken"]
            generation = tokens.read(handed)[1]["gen"]
            with self.lock:
                self.answers.append(answer)
                known = self.handed_out.setdefault(generation, handed)
            assert known == handed, "a generation always has the same token"
        return answer

    def present(self, client: Client, token: str) -> Answer:
        """Sends any refresh token with this browser's headers."""
        cookie = ("Cookie", f"refreshToken={token}")
        return client.request("POST", "/api/auth/refresh", [cookie, *self.marks])

    def use(self, client: Client, pair: Tokens | None = None) -> Answer:
        """Requests the signed-in account with the jar's access token, or with an earlier one."""
        access = (pair or self.tokens).access
        return client.request("GET", "/api/auth/me", [("Cookie", f"accessToken={access}")])

    def land(self, answer: Answer) -> None:
        """Replaces the jar's cookies with those of a response, even if the jar's are newer."""
        cookies = answer.cookies
        with self.lock:
            # A browser that sent the newest refresh token receives none, and keeps it.
            refresh = cookies.get("refreshToken")
            self.tokens = Tokens(
                cookies["accessToken"].value, refresh.value if refresh else self.tokens.refresh)
            place = next(
                place for place, given in enumerate(self.answers) if given is answer)
            self.counts["overtaken"] += place < self.landed
            self.landed = max(self.landed, place)

    def begin_rest(self, chance: random.Random, network: Network) -> None:
        """Leaves the browser idle for about a window, so that its next refresh rotates.

        Half of the time the browser is offline when it wakes: its first responses are lost, and it
        is idle again until the window has passed, or nearly so.
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
        """The remaining seconds of the current idle period, or 0."""
        now = time.monotonic()
        return max((until - now for begins, until in self.rests if begins <= now), default=0.0)

    def count(self, what: str) -> None:
        with self.lock:
            self.counts[what] += 1
