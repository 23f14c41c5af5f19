"""The system's clock is set while clients work: by seconds, as NTP may do, and by a day."""

import time
from pathlib import Path

from harness import tokens
from harness.clock import clocked
from harness.jar import Jar, Network
from harness.scale import scaled, seed
from harness.site import Site
from harness.tabs import Browsers

NETWORK = Network(window=2, delay=0.4)
BROWSERS = 4
# How many refreshes each browser sends between two steps of the clock.
BETWEEN = scaled(12, full=200)
DAY = 86400
SETTINGS = {
    "GATEHOUSE_REFRESH_WINDOW": "2s", "JWT_EXPIRES_IN": "1h", "REFRESH_TOKEN_EXPIRES_IN": "36h"}


def signed_in(site: Site, seed: int) -> list[Jar]:
    emails = site.database.add_accounts("clock", BROWSERS)
    return [Jar(site, f"seed {seed}, jar {number}", email) for number, email in enumerate(emails)]


def ends(site: Site) -> dict[int, int]:
    return dict(site.database.execute("SELECT id, expires_at FROM sessions"))


def server_is_ahead(site: Site) -> float:
    """How many seconds the server's clock is ahead, according to its tokens."""
    pair = site.client().log_in("mary@example.com", "Mary@1234")
    return tokens.read(pair.access)[1]["iat"] - time.time()


def test_steps_of_ten_seconds_end_no_session(site_for, tmp_path: Path) -> None:
    with clocked(site_for, "clock-steps", SETTINGS, tmp_path) as (site, clock):
        jars = signed_in(site, seed())
        stored = ends(site)
        with Browsers(jars, NETWORK) as browsers:
            for step in 10, -10, -10, 10, 9, -18, 9:
                browsers.work(BETWEEN, within=60)
                clock.step(step)
            browsers.work(BETWEEN, within=60)

        print(dict(browsers.counts))
        assert browsers.failures == []
        browsers.are_signed_in()
        assert abs(server_is_ahead(site)) < 3, "the server must not follow a small step at once"
        assert stored.items() <= ends(site).items()
        assert site.database.execute("SELECT id FROM sessions WHERE ended_at IS NOT NULL") == []


def test_steps_of_a_day_between_visits_end_only_expired_sessions(site_for, tmp_path: Path) -> None:
    with clocked(site_for, "clock-days", SETTINGS, tmp_path) as (site, clock):
        jars = signed_in(site, seed())
        stored = ends(site)
        client = site.client()
        for ahead in DAY, 0, -DAY, 0, DAY:
            work(jars)
            clock.set(ahead)
            assert abs(server_is_ahead(site) - ahead) < 3
            if ahead == DAY:
                # The access tokens have expired, but not the sessions: 401 makes clients refresh.
                assert [jar.use(client).status for jar in jars] == [401] * BROWSERS
            for jar in jars:
                answer = jar.refresh(client)
                assert answer.status == 200, (ahead, answer.status, answer.body)
                jar.land(answer)
                # No cookie outlives its session, whatever the clock says.
                age = int(answer.cookies["refreshToken"].attributes["max-age"])
                left = stored[jar.session] / 1000 - time.time() - ahead
                assert abs(age - left) < 3
        assert stored.items() <= ends(site).items()

        # Half a day after the stored end of a session, none of its tokens is accepted.
        clock.set(2 * DAY)
        for jar in jars:
            assert jar.refresh(client).status in (400, 401)
            assert jar.use(client).status == 403
        assert site.backend.is_running


def work(jars: list[Jar]) -> None:
    with Browsers(jars, NETWORK) as browsers:
        browsers.work(BETWEEN, within=60)
    assert browsers.failures == []


def test_a_step_of_a_day_under_load_damages_nothing(site_for, tmp_path: Path) -> None:
    """A client in the middle of a refresh may have to sign in again; nothing else is lost."""
    with clocked(site_for, "clock-load", SETTINGS, tmp_path) as (site, clock):
        begin = seed()
        for number, step in enumerate((DAY, -DAY, -DAY, DAY)):
            site.database.reset()
            jars = signed_in(site, begin + number)
            stored = ends(site)
            with Browsers(jars, NETWORK) as browsers:
                browsers.work(BETWEEN, within=60)
                clock.step(step)
                # Until the first refusal, or until every browser has sent its refreshes.
                browsers.go_on(BETWEEN, within=60)
            refused = (": 400 ", ": 401 ", ": 403 ")
            assert all(any(status in said for status in refused) for said in browsers.failures)
            assert stored.items() <= ends(site).items()
            assert abs(server_is_ahead(site) - clock.ahead) < 3
        assert site.database.integrity() == []
