"""Clients that do all a site offers, at random, and remember what they were told."""

import http.client
import random
import threading
from collections import Counter
from dataclasses import dataclass, field

from .client import Answer, Client, Headers, Tokens
from .polling import until
from .site import Site

# What a request meets when the server behind nginx dies under it.
LOST = (ConnectionError, TimeoutError, http.client.HTTPException)


@dataclass
class Acknowledged:
    """What answers have promised; a request without an answer may or may not have happened."""

    accounts: set[str] = field(default_factory=set)
    # For each person: the names that may be there; more than one after an unanswered change.
    people: dict[int, set[tuple[str, str]]] = field(default_factory=dict)
    removed: set[int] = field(default_factory=set)
    # Sessions that live, and that may have ended for want of an answer.
    live: list[Tokens] = field(default_factory=list)
    ended: list[Tokens] = field(default_factory=list)


class Visitor(threading.Thread):
    """One client that works until told to stop.

    Everything it creates is its own, so no other visitor's work can explain what it sees.
    With `forgiving`, requests may get lost with the server (502 or no answer at all).
    """

    def __init__(
        self, site: Site, seed: int, number: int, forgiving: bool, admins: list[str]
    ):
        super().__init__(name=f"visitor {number}", daemon=True)
        self.site = site
        self.admins = admins
        self.random = random.Random(seed * 1000 + number)
        self.number = number
        self.forgiving = forgiving
        self.client: Client = site.client()
        self.done = Acknowledged()
        self.counts: Counter[str] = Counter()
        self.lost = 0
        self.failures: list[str] = []
        self.stopping = threading.Event()
        self.pair: Tokens | None = None
        self.made = 0

    def run(self) -> None:
        works = [
            self.sign_up, self.log_in, self.refresh, self.log_out, self.add_person,
            self.rename_person, self.remove_person, self.look,
        ]
        # Looking is most of what people do; the rest about alike.
        weights = [1, 2, 2, 1, 3, 2, 1, 6]
        while not self.stopping.is_set():
            work = self.log_in if self.pair is None else self.random.choices(works, weights)[0]
            try:
                work()
            except Exception as error:  # a thread must not end in silence
                self.failures.append(f"{work.__name__}: {error!r}")
                return

    def ask(
        self, status: int | tuple[int, ...], method: str, target: str, content: object = None,
        headers: Headers | None = None,
    ) -> Answer | None:
        """The answer, or None when it got lost; an answer of another status is a failure."""
        expected = status if isinstance(status, tuple) else (status,)
        try:
            if content is None:
                answer = self.client.request(method, target, headers)
            else:
                answer = self.client.send_json(method, target, content, headers)
        except LOST as error:
            answer, what = None, repr(error)
        else:
            what = f"{answer.status} {answer.body[:100]!r}"
        if answer is not None and answer.status in expected:
            self.counts[method] += 1
            return answer
        if self.forgiving and (answer is None or answer.status == 502):
            self.lost += 1
            self.client.close()
            return None
        self.failures.append(f"{method} {target}: {what}")
        return None

    def sign_up(self) -> None:
        self.made += 1
        email = f"visitor{self.number}-{self.made}-{self.random.randrange(10**6)}@example.com"
        content = {"email": email, "password": "Passw0rd!"}
        if self.ask(201, "POST", "/api/auth/signup", content):
            self.done.accounts.add(email)

    def log_in(self) -> None:
        content = {"username": self.random.choice(self.admins), "password": "John@123"}
        answer = self.ask(200, "POST", "/api/auth/login", content)
        if answer:
            self._leave_session()
            self.pair = Tokens(answer.json["accessToken"], answer.json["refreshToken"])

    def _leave_session(self) -> None:
        if self.pair:
            self.done.live.append(self.pair)
        self.pair = None

    def refresh(self) -> None:
        answer = self.ask(200, "POST", "/api/auth/refresh", headers=self.pair.cookie)
        # Unanswered, the old token may have been rotated away; using it again would be reuse.
        self.pair = answer and Tokens(answer.json["accessToken"], answer.json["refreshToken"])

    def log_out(self) -> None:
        if self.ask(200, "POST", "/api/auth/logout", headers=self.pair.bearer):
            self.done.ended.append(self.pair)
        self.pair = None

    def add_person(self) -> None:
        self.made += 1
        names = (f"P{self.number}-{self.made}", f"{self.random.randrange(10**9)}")
        answer = self.ask(201, "POST", "/api/people", _content(names), self.pair.bearer)
        if answer:
            self.done.people[answer.json["id"]] = {names}

    def rename_person(self) -> None:
        if not self.done.people:
            return
        number = self.random.choice(list(self.done.people))
        names = ("Renamed", f"{self.random.randrange(10**9)}")
        path = f"/api/people/{number}"
        if self.ask(204, "PUT", path, _content(names), self.pair.bearer):
            self.done.people[number] = {names}
        else:
            self.done.people[number].add(names)

    def remove_person(self) -> None:
        if not self.done.people:
            return
        number = self.random.choice(list(self.done.people))
        # nginx sends a DELETE again that got lost with a kept connection; it was done already.
        done = (204, 404) if self.forgiving else 204
        if self.ask(done, "DELETE", f"/api/people/{number}", headers=self.pair.bearer):
            self.done.removed.add(number)
        # Unanswered: there or not, nothing is promised any more.
        del self.done.people[number]

    def look(self) -> None:
        path = self.random.choice(["/api/auth/me", "/api/people/1", "/health"])
        self.ask(200, "GET", path, headers=self.pair.bearer)


def _content(names: tuple[str, str]) -> dict[str, str]:
    return {"firstName": names[0], "lastName": names[1]}


class Crowd:
    """Visitors at work while the body of the `with` runs; their failures fail it."""

    def __init__(self, site: Site, seed: int, size: int = 4, forgiving: bool = False):
        # Many, since an account has a bounded number of sessions: the oldest would be ended.
        admins = site.database.add_accounts("crowd", 50, "admin")
        self.visitors = [
            Visitor(site, seed, number, forgiving, admins) for number in range(size)]

    def __enter__(self) -> "Crowd":
        for visitor in self.visitors:
            visitor.start()
        return self

    def __exit__(self, *error: object) -> None:
        for visitor in self.visitors:
            visitor.stopping.set()
        for visitor in self.visitors:
            visitor.join(30)
        assert not any(visitor.is_alive() for visitor in self.visitors)

    def work(self, answers: int) -> None:
        """Waits for that many more answers; fails as soon as a visitor does."""
        goal = self.answered + answers
        until(lambda: self.answered >= goal or self.failures, f"{answers} more answers")
        assert not self.failures, self.failures[:5]

    @property
    def answered(self) -> int:
        return sum(sum(visitor.counts.values()) for visitor in self.visitors)

    @property
    def lost(self) -> int:
        return sum(visitor.lost for visitor in self.visitors)

    @property
    def failures(self) -> list[str]:
        return [failure for visitor in self.visitors for failure in visitor.failures]

    def count(self, *methods: str) -> int:
        return sum(visitor.counts[method] for visitor in self.visitors for method in methods)
