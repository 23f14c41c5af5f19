"""A browser's cookies of one session, and what the network does to answers that bring others."""

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
