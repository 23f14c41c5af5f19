"""The time that a failed login takes does not reveal whether the account exists.

The usual run compares the server's CPU time, because other programs lengthen the time that a client
waits. The long version (`make acceptance`) compares what a client sees.
"""

import random
import statistics
import time
from collections.abc import Callable, Iterator

from harness.processes import processor_seconds
from harness.scale import amount, scaled, seed
from harness.site import Site

SAMPLES = amount("SAMPLES", 60, 2000)
COST = scaled("7", full="10")
# Accounts of each kind. The throttle allows each a hundred failures over all addresses.
NAMES = 40


def addresses() -> Iterator[str]:
    """Generates distinct addresses, so that no login is throttled."""
    return (f"127.{a}.{b}.{c}" for a in range(1, 255) for b in range(256) for c in range(1, 255))


def test_unknown_disabled_and_known_accounts_take_as_long(site_for) -> None:
    chance = random.Random(seed())
    with site_for("timing", {"GATEHOUSE_PASSWORD_COST": COST}) as site:
        known = with_hashes_of_the_setting(site, "known")
        disabled = with_hashes_of_the_setting(site, "disabled")
        site.database.execute("UPDATE accounts SET is_disabled = 1 WHERE email LIKE 'disabled%'")
        unknown = [email.replace("known", "ghost") for email in known]
        kinds = {"known": known, "unknown": unknown, "disabled": disabled}
        took: dict[str, list[float]] = {kind: [] for kind in kinds}
        places = addresses()
        pid = site.backend.process.pid
        used = scaled(usual=lambda: processor_seconds(pid), full=time.perf_counter)
        # The first logins of each kind are slower, so they are not measured.
        for number in range(-5, SAMPLES):
            for kind in chance.sample(list(kinds), len(kinds)):
                name = kinds[kind][number % NAMES]
                seconds = refused_login(site, name, next(places), used)
                if number >= 0:
                    took[kind].append(seconds)

    typical = {kind: statistics.median(times) for kind, times in took.items()}
    least, most = min(typical.values()), max(typical.values())
    print(f"{SAMPLES} each, cost {COST}, medians in ms:",
          {kind: round(seconds * 1000, 3) for kind, seconds in typical.items()},
          f"apart by {(most / least - 1) * 100:.2f}%")
    assert most / least < scaled(1.05, full=1.02)


def with_hashes_of_the_setting(site: Site, name: str) -> list[str]:
    """Adds accounts whose password hash, the same for all, has the configured cost."""
    emails = site.database.add_accounts(name, NAMES)
    done = site.backend.command("user", "password", emails[0], stdin="Passw0rd!\n")
    assert done.returncode == 0, done.stderr
    site.database.execute(
        "UPDATE accounts SET password_hash = (SELECT password_hash FROM accounts WHERE email = ?)"
        " WHERE email LIKE ?", emails[0], f"{name}-%")
    return emails


def refused_login(site: Site, name: str, address: str, used: Callable[[], float]) -> float:
    """Returns how much time, as `used` counts it, a login with a wrong password takes."""
    client = site.client(address=address)
    client.connection.connect()
    credentials = {"username": name, "password": "Wrong@1234"}
    begun = used()
    answer = client.send_json("POST", "/api/auth/login", credentials)
    took = used() - begun
    client.close()
    assert answer.status == 401, answer.status
    return took
