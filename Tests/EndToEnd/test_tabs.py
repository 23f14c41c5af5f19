"""Tabs of one browser refresh at once on a bad network, and no user is ever signed out."""

import random
import time

from harness.jar import Jar, Network
from harness.polling import pause
from harness.scale import amount, scaled, seed
from harness.site import Site
from harness.tabs import Browsers

# The number of browsers with eight tabs, with two and with three. Each browser has its own
# cookie jar and session, and all run in parallel. The fewer tabs, the more depends on each
# response.
JARS = amount("JARS", 8, 4)
REFRESHES = amount("REFRESHES", 200, 5000)
KILLS = amount("KILLS", 60, 300)
NETWORK = scaled(Network(window=2, delay=0.6), full=Network(window=10, delay=2))
# The test with kills sends more requests, so that more kills hit a refresh.
QUICK = Network(window=2, delay=0.2)
LASTING = {"JWT_EXPIRES_IN": "1h", "REFRESH_TOKEN_EXPIRES_IN": "1d"}


def settings(network: Network) -> dict[str, str]:
    return LASTING | {"GATEHOUSE_REFRESH_WINDOW": f"{network.window}s"}


def signed_in(site: Site, tabs: list[int], seed: int) -> list[Jar]:
    emails = site.database.add_accounts("tabs", len(tabs))
    return [
        Jar(site, f"seed {seed}, jar {number}", email, tabs=tabs[number])
        for number, email in enumerate(emails)]


def check_nobody_was_suspected(site: Site) -> None:
    ended = "SELECT id FROM sessions WHERE ended_at IS NOT NULL"
    assert site.database.execute(ended) == []
    kinds = dict(site.database.execute("SELECT kind, count(*) FROM events GROUP BY kind"))
    assert kinds.keys() == {"login", "refresh"}, kinds


def test_late_reordered_and_lost_responses_sign_no_user_out(site_for) -> None:
    begin = seed()
    with site_for("tabs", settings(NETWORK)) as site:
        jars = signed_in(site, [8, 2, 3] * JARS, begin)
        with Browsers(jars, NETWORK) as browsers:
            # A refresh takes half of `delay` on average, and the browsers pause at times.
            browsers.work(REFRESHES, within=60 + REFRESHES * NETWORK.delay)

        counts = browsers.counts
        print(f"{JARS} browsers each of 8, 2 and 3 tabs: {dict(counts)}")
        assert browsers.failures == []
        browsers.are_signed_in()
        check_nobody_was_suspected(site)

    assert counts["refreshed"] >= JARS * REFRESHES
    assert counts["lost"] > 0.05 * counts["refreshed"]
    assert counts["lost offline"] and counts["overtaken"] and counts["generations"] > JARS
    # Such a response counts as lost. On a busy machine many are late, with the short window of the
    # usual run; enough others remain.
    most = scaled(usual=0.1, full=0.01) * counts["refreshed"]
    assert counts["too late"] < most, "the machine is too slow for this test"


def test_killing_the_server_signs_no_user_out_and_leaves_one_generation(site_for) -> None:
    begin = seed()
    moments = random.Random(begin)
    with site_for("tabs-killed", settings(QUICK), hold_socket=True) as site:
        jars = signed_in(site, [8] * 8, begin)
        with Browsers(jars, QUICK, forgiving=True) as browsers:
            for _ in range(KILLS):
                browsers.stopping.wait(moments.uniform(0, 0.3))
                if moments.random() < 0.5:
                    # Kill during a refresh, which takes a few milliseconds.
                    browsers.sending.clear()
                    browsers.sending.wait(1)
                    # The random moment of the race between the kill and the refresh.
                    pause(moments.uniform(0, 0.003))
                kill(site, moments.choice(jars))
                assert browsers.failures == []

        print(f"{KILLS} kills, 8 browsers of 8 tabs: {dict(browsers.counts)}")
        assert browsers.failures == []
        assert browsers.counts["lost with the server"]
        browsers.are_signed_in()
        check_nobody_was_suspected(site)
        let_the_window_pass(QUICK)
        for jar in jars:
            check_one_generation(jar, site)


def kill(site: Site, jar: Jar) -> None:
    """Kills and restarts the server, which must still accept the tokens that a browser has."""
    pair, killed = jar.tokens, time.monotonic()
    site.backend.kill()
    site.backend.start()
    client = site.client()
    assert jar.use(client, pair).status == 200
    # No refresh while the browser pauses: otherwise its refresh window would never pass.
    if time.monotonic() - killed < QUICK.longest and not jar.rest_of_rest():
        assert jar.refresh(client, pair).status == 200
    client.close()


def let_the_window_pass(network: Network) -> None:
    # The server's rule is about real time, and no response shows that the time has passed.
    pause(network.window + 0.1)


def check_one_generation(jar: Jar, site: Site) -> None:
    """Checks that of all the session's refresh tokens only the current one is accepted."""
    client = site.client()
    assert jar.use(client).status == 200
    session = site.database.session(jar.session)
    accepted = []
    for token in jar.handed_out.values():
        # A refused token ends the session, so restore the session before each attempt.
        site.database.restore(session)
        answer = jar.present(client, token)
        assert answer.status in (200, 400)
        if answer.status == 200:
            accepted.append(token)
    assert accepted == [jar.tokens.refresh]
