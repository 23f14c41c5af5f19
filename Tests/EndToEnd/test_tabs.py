"""Tabs of one browser refresh at once, on a bad network, and nobody is ever signed out."""

from harness.jar import Browsers, Jar, Network
from harness.scale import amount, scaled, seed
from harness.site import Site

# Each jar is a browser with eight tabs and a session of its own; the jars work side by side.
JARS = amount("JARS", 8, 4)
REFRESHES = amount("REFRESHES", 250, 5000)
NETWORK = scaled(Network(window=2, delay=0.4), full=Network(window=10, delay=2))
LASTING = {"JWT_EXPIRES_IN": "1h", "REFRESH_TOKEN_EXPIRES_IN": "1d"}


def window_of(network: Network) -> dict[str, str]:
    return {"GATEHOUSE_REFRESH_WINDOW": f"{network.window}s"}


def check_nobody_was_suspected(site: Site) -> None:
    ended = "SELECT id FROM sessions WHERE ended_at IS NOT NULL"
    assert site.database.execute(ended) == []
    kinds = dict(site.database.execute("SELECT kind, count(*) FROM events GROUP BY kind"))
    assert kinds.keys() == {"login", "refresh"}, kinds


def test_answers_that_are_late_reordered_and_lost_sign_nobody_out(site_for) -> None:
    begin = seed()
    with site_for("tabs", LASTING | window_of(NETWORK)) as site:
        emails = site.database.add_accounts("tabs", JARS)
        jars = [
            Jar(site, f"seed {begin}, jar {number}", email) for number, email in enumerate(emails)]
        with Browsers(jars, NETWORK) as browsers:
            # Eight tabs, half of `delay` each, and as long again for the times of rest.
            browsers.work(REFRESHES, within=60 + 2 * REFRESHES * NETWORK.delay / 2)

        counts = browsers.counts
        print(f"{JARS} browsers of 8 tabs: {dict(counts)}")
        assert browsers.failures == []
        browsers.are_signed_in()
        check_nobody_was_suspected(site)

    assert counts["refreshed"] >= JARS * REFRESHES
    assert counts["answers lost"] > 0.05 * counts["refreshed"]
    assert counts["overtaken"] and counts["generations"] > JARS
    assert counts["too late"] < 0.01 * counts["refreshed"], "too slow a machine to tell anything"
