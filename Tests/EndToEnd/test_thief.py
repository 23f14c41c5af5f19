"""A thief has copied the cookies: outside the window this is detected, and the session ends.

The rule cannot know which of the two is the thief. It guarantees that they cannot both continue.
Inside the window a thief looks like another tab. That is not detected, and not claimed here.
"""

import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from harness import tokens
from harness.client import Client, Headers, Tokens
from harness.polling import pause
from harness.scale import amount, seed
from harness.site import Site

TRIALS = amount("TRIALS", 144, 1000)
WINDOW = 1
AT_ONCE = 72
BROWSER: Headers = [("Sec-Fetch-Site", "same-origin")]
SCRIPT: Headers = []


class Holder:
    """A client with tokens of the session: the owner or the thief."""

    def __init__(self, site: Site, pair: Tokens, marks: Headers = BROWSER):
        self.client: Client = site.client()
        self.pair = self.copied = pair
        self.marks = marks

    def refresh(self, copied: bool = False) -> int:
        """Sends the newest refresh token, or the copied one, and stores the tokens received."""
        cookie = (self.copied if copied else self.pair).cookie
        answer = self.client.request("POST", "/api/auth/refresh", [*cookie, *self.marks])
        if answer.status == 200:
            self.pair = Tokens(answer.json["accessToken"], answer.json["refreshToken"])
        return answer.status

    def use(self) -> int:
        return self.client.request("GET", "/api/auth/me", self.pair.bearer).status


def let_the_window_pass() -> None:
    # The server's rule is about real time, and no response shows that the time has passed.
    pause(WINDOW + 0.05)


# Each schedule begins when the windows of all earlier refreshes have passed. It asserts the
# responses, and returns when the session has ended. The use of an access token confirms to the
# server that the response with it has arrived.

def replay(owner: Holder, thief: Holder, chance: random.Random) -> None:
    """The owner has refreshed and uses the new token: the first replay ends the session."""
    assert (owner.refresh(), owner.use()) == (200, 200)
    let_the_window_pass()
    assert thief.refresh() == 400


def late_replay(owner: Holder, thief: Holder, chance: random.Random) -> None:
    """The copy is older than the token before the newest, whether the newest is in use or not."""
    for _ in range(chance.randint(2, 3)):
        assert owner.refresh() == 200
        if chance.random() < 0.5:
            assert owner.use() == 200
        let_the_window_pass()
    assert thief.refresh() == 400


def leapfrog(owner: Holder, thief: Holder, chance: random.Random) -> None:
    """The thief refreshes first and uses the token: the owner's next refresh ends the session."""
    assert (thief.refresh(), thief.use()) == (200, 200)
    let_the_window_pass()
    assert owner.refresh() == 400


def silent_leapfrog(owner: Holder, thief: Holder, chance: random.Random) -> None:
    """The thief refreshes first but does not use the token.

    This is treated as a lost response. The session ends when the thief returns.
    """
    assert thief.refresh() == 200
    let_the_window_pass()
    if thief.marks == SCRIPT:
        assert owner.refresh() == 400, "a program's response is never treated as lost"
        return
    assert owner.refresh() == 200
    if chance.random() < 0.5:
        assert owner.use() == 200
    let_the_window_pass()
    assert thief.use() == 403 if chance.random() < 0.5 else thief.refresh() == 400


def replay_of_what_was_never_used(owner: Holder, thief: Holder, chance: random.Random) -> None:
    """The owner has refreshed but not used the token.

    This is treated as a lost response. The session ends when the owner returns.
    """
    assert owner.refresh() == 200
    let_the_window_pass()
    if thief.marks == SCRIPT:
        assert thief.refresh() == 400, "a program may not use the previous token"
        return
    assert thief.refresh() == 200
    if chance.random() < 0.5:
        assert thief.use() == 200
    let_the_window_pass()
    assert owner.use() == 403 if chance.random() < 0.5 else owner.refresh() == 400


def script_inside_the_window(owner: Holder, thief: Holder, chance: random.Random) -> None:
    """A program has no window: of a refresh by each, in either order, the second is refused."""
    thief.marks = SCRIPT
    if chance.random() < 0.5:
        assert owner.refresh() == 200
        assert thief.refresh() == 400
    else:
        assert thief.refresh() == 200
        assert owner.refresh() == 400


def poller(owner: Holder, thief: Holder, chance: random.Random) -> None:
    """A thief who refreshes several times a window cannot keep the session from rotating."""
    for _ in range(8):
        assert thief.refresh() == 200
        # The interval of this thief's requests is what is tested.
        pause(0.4 * WINDOW)
    assert owner.refresh() == 400


def by_turns(owner: Holder, thief: Holder, chance: random.Random) -> None:
    """The owner and the thief take turns: at most three are accepted, whatever they do."""
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

        # The operator finds each reuse in the events and in the log.
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
    """What the owner did before the theft: bursts of refreshes, use of the tokens, pauses."""
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
