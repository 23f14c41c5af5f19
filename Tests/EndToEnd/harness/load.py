"""Clients that use all features of a site at random, and remember the acknowledged changes."""

import http.client
import random
import threading
from collections import Counter
from dataclasses import dataclass, field

from .client import Answer, Client, Headers, Tokens
from .polling import until
from .site import Site

# The errors of a request whose server behind nginx dies before the response.
LOST = (ConnectionError, TimeoutError, http.client.HTTPException)


@dataclass
class Acknowledged:
    """The changes that responses confirmed. A request without a response may have succeeded."""

    accounts: set[str] = field(default_factory=set)
    # The possible names of each person: more than one after a change without a response.
    people: dict[int, set[tuple[str, str]]] = field(default_factory=dict)
    removed: set[int] = field(default_factory=set)
    # The tokens of sessions that must still be valid, and of sessions that were logged out.
    live: list[Tokens] = field(default_factory=list)
    ended: list[Tokens] = field(default_factory=list)


class Visitor(threading.Thread):
    """A client that sends requests until it is stopped.

    It changes only what it has created, so other visitors cannot explain what it sees.
    With `forgiving`, requests may be lost when the server dies (502 or no response at all).
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
        # Most requests of real users are reads; the others are about equally frequent.
        weights = [1, 2, 2, 1, 3, 2, 1, 6]
        while not self.stopping.is_set():
            work = self.log_in if self.pair is None else self.random.choices(works, weights)[0]
            try:
                work()
            except Exception as error:  # or the thread would end silently
                self.failures.append(f"{work.__name__}: {error!r}")
                return

    def ask(
        self, status: int | tuple[int, ...], method: str, target: str, content: object = None,
        headers: Headers | None = None,
    ) -> Answer | None:
        """Returns the response, or None if it was lost; any other status is a failure."""
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
        # Without a response, the token may have been exchanged; sending it again would be reuse.
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
        # nginx retries a DELETE that was lost with a keepalive connection; the first attempt may
        # have succeeded.
        done = (204, 404) if self.forgiving else 204
        if self.ask(done, "DELETE", f"/api/people/{number}", headers=self.pair.bearer):
            self.done.removed.add(number)
        # Without a response, the person may or may not exist, so nothing is expected of it.
        del self.done.people[number]

    def look(self) -> None:
        path = self.random.choice(["/api/auth/me", "/api/people/1", "/health"])
        self.ask(200, "GET", path, headers=self.pair.bearer)


def _content(names: tuple[str, str]) -> dict[str, str]:
    return {"firstName": names[0], "lastName": names[1]}


class Crowd:
    """Visitors that send requests while the body of the `with` runs."""

    def __init__(self, site: Site, seed: int, size: int = 4, forgiving: bool = False):
        # Many accounts, because each has a limited number of sessions: the oldest would be ended.
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
        """Waits for the given number of further responses; fails as soon as a visitor does."""
        goal = self.answered + answers
        until(lambda: self.answered >= goal or self.failures, f"{answers} more responses")
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
