"""Somebody has a copy of the cookies: outside the window it is noticed, and the session ends.

The rule cannot know which of the two is the thief; what it promises is that both cannot go on.
Inside the window a thief looks like another tab: that is not caught, and not claimed here.
"""

import random
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from harness import tokens
from harness.client import Client, Headers, Tokens
from harness.scale import amount, seed
from harness.site import Site

TRIALS = amount("TRIALS", 144, 1000)
WINDOW = 1
AT_ONCE = 72
BROWSER: Headers = [("Sec-Fetch-Site", "same-origin")]
SCRIPT: Headers = []


class Holder:
    """Who holds tokens of a session, and what becomes of their requests."""

    def __init__(self, site: Site, pair: Tokens, marks: Headers = BROWSER):
        self.client: Client = site.client()
        self.pair = self.copied = pair
        self.marks = marks

    def refresh(self, copied: bool = False) -> int:
        """Presents the newest refresh token, or the one that was copied, and takes the answer."""
        cookie = (self.copied if copied else self.pair).cookie
        answer = self.client.request("POST", "/api/auth/refresh", [*cookie, *self.marks])
        if answer.status == 200:
            self.pair = Tokens(answer.json["accessToken"], answer.json["refreshToken"])
        return answer.status

    def use(self) -> int:
        return self.client.request("GET", "/api/auth/me", self.pair.bearer).status


def let_the_window_pass() -> None:
    time.sleep(WINDOW + 0.05)


# Each schedule begins outside the window of all that was before, and returns with the session
# ended, by the answers that it asserts. "In use" is what confirms that an answer has arrived.

def replay(owner: Holder, thief: Holder, chance: random.Random) -> None:
    """The owner refreshed and is at work: the first replay ends it."""
    assert (owner.refresh(), owner.use()) == (200, 200)
    let_the_window_pass()
    assert thief.refresh() == 400


def late_replay(owner: Holder, thief: Holder, chance: random.Random) -> None:
    """The copy is older than what the newest was exchanged for, whether in use or not."""
    for _ in range(chance.randint(2, 3)):
        assert owner.refresh() == 200
        if chance.random() < 0.5:
            assert owner.use() == 200
        let_the_window_pass()
    assert thief.refresh() == 400


def leapfrog(owner: Holder, thief: Holder, chance: random.Random) -> None:
    """The thief is first, and works: the owner's next refresh ends it."""
    assert (thief.refresh(), thief.use()) == (200, 200)
    let_the_window_pass()
    assert owner.refresh() == 400


def silent_leapfrog(owner: Holder, thief: Holder, chance: random.Random) -> None:
    """The thief is first and keeps still: taken for a lost answer, until the thief comes back."""
    assert thief.refresh() == 200
    let_the_window_pass()
    if thief.marks == SCRIPT:
        assert owner.refresh() == 400, "no browser lost that answer"
        return
    assert owner.refresh() == 200
    if chance.random() < 0.5:
        assert owner.use() == 200
    let_the_window_pass()
    assert thief.use() == 403 if chance.random() < 0.5 else thief.refresh() == 400


def replay_of_what_was_never_used(owner: Holder, thief: Holder, chance: random.Random) -> None:
    """The owner refreshed and kept still: taken for a lost answer, until the owner comes back."""
    assert owner.refresh() == 200
    let_the_window_pass()
    if thief.marks == SCRIPT:
        assert thief.refresh() == 400, "a script does not lose answers"
        return
    assert thief.refresh() == 200
    if chance.random() < 0.5:
        assert thief.use() == 200
    let_the_window_pass()
    assert owner.use() == 403 if chance.random() < 0.5 else owner.refresh() == 400


def script_inside_the_window(owner: Holder, thief: Holder, chance: random.Random) -> None:
    """What is no browser has no window, wherever the owner is in theirs."""
    thief.marks = SCRIPT
    if chance.random() < 0.5:
        assert owner.refresh() == 200
        assert thief.refresh() == 400
    else:
        assert thief.refresh() == 200
        assert owner.refresh() == 400


def poller(owner: Holder, thief: Holder, chance: random.Random) -> None:
    """A thief who comes more often than every window does not keep the session from rotating."""
    for _ in range(8):
        assert thief.refresh() == 200
        time.sleep(0.4 * WINDOW)
    assert owner.refresh() == 400


def by_turns(owner: Holder, thief: Holder, chance: random.Random) -> None:
    """Whatever each does in their turns, three accepted turns are the most that there can be."""
    turns = [owner, thief] if chance.random() < 0.5 else [thief, owner]
    for turn in range(4):
        holder = turns[turn % 2]
        uses = chance.random() < 0.4 and holder.use() == 403
        has_copy_only = holder is thief and chance.random() < 0.5
        if uses or holder.refresh(copied=has_copy_only) == 400:
            return
        if chance.random() < 0.4 and holder.use() == 403:
            return
        let_the_window_pass()
    raise AssertionError("four turns, and nothing was noticed")


SCHEDULES: list[Callable[[Holder, Holder, random.Random], None]] = [
    replay, late_replay, leapfrog, silent_leapfrog, replay_of_what_was_never_used,
    script_inside_the_window, poller, by_turns]


def test_a_thief_outside_the_window_ends_the_session(site_for) -> None:
    begin = seed()
    settings = {
        "JWT_EXPIRES_IN": "1h", "REFRESH_TOKEN_EXPIRES_IN": "1d",
        "GATEHOUSE_REFRESH_WINDOW": f"{WINDOW}s"}
    with site_for("thief", settings) as site, ThreadPoolExecutor(AT_ONCE) as pool:
        emails = site.database.add_accounts("victim", 16)
        trials = list(pool.map(
            lambda number: trial(site, emails, f"seed {begin}, trial {number}", number),
            range(TRIALS)))
        failures = [failure for _, _, failure in trials if failure]
        print(dict(Counter(name for name, _, _ in trials)))
        assert failures == []

        # The operator can explain each of them afterwards.
        log = site.backend.log()
        reuses = "SELECT session_id FROM events WHERE kind = 'reuse'"
        explained = [number for (number,) in site.database.execute(reuses)]
        assert sorted(explained) == sorted(session for _, session, _ in trials)
        assert all(str(session) in log for session in explained)


def trial(site: Site, emails: list[str], name: str, number: int) -> tuple[str, int, str]:
    chance = random.Random(name)
    schedule = SCHEDULES[number % len(SCHEDULES)]
    login = site.client().log_in(emails[number % len(emails)], "John@123")
    session = int(tokens.read(login.refresh)[1]["sid"])
    owner = Holder(site, login)
    try:
        live(owner, chance)
        thief = Holder(site, owner.pair, chance.choice([BROWSER, BROWSER, SCRIPT]))
        let_the_window_pass()
        schedule(owner, thief, chance)
        check_ended(site, session, owner, thief)
    except AssertionError as error:
        return schedule.__name__, session, f"{name}: {schedule.__name__}: {error}"
    return schedule.__name__, session, ""


def live(owner: Holder, chance: random.Random) -> None:
    """What an owner may have done before the theft: bursts, pauses, work."""
    for _ in range(chance.randint(0, 3)):
        for _ in range(chance.randint(1, 3)):
            assert owner.refresh() == 200
            if chance.random() < 0.5:
                assert owner.use() == 200
        if chance.random() < 0.3:
            let_the_window_pass()


def check_ended(site: Site, session: int, owner: Holder, thief: Holder) -> None:
    assert owner.refresh() == 400, "the owner's next refresh"
    assert thief.refresh() == 400
    assert (owner.use(), thief.use()) == (403, 403)
    ended = site.client().request("GET", "/api/auth/me", owner.copied.bearer)
    assert ended.status == 403
