"""Replays every case recorded from the Express backend; responses differ only on purpose."""

from collections.abc import Callable, Iterator

import pytest

import lifetimes
from changed import Change, change
from comparison import check_answer, check_cookies, check_writes
from harness.backend import BASE_SETTINGS
from harness.replay import RECORDED, Replay
from harness.site import Site

ABOUT = RECORDED["about"]
CASES = RECORDED["cases"]


def settings_of(case: dict) -> dict[str, str]:
    return settings_of_profile(case["profile"])


def settings_of_profile(profile: str) -> dict[str, str]:
    """The recorded settings; outside of development with another secret than the public example."""
    settings = ABOUT["base_env"] | ABOUT["profiles"][profile]
    is_development = settings["NODE_ENV"] == "development"
    return settings if is_development else settings | {"JWT_SECRET": "x9Jq2mT7vB4kR8sW1nE5yU3pL6aD0cFg"}


def changed(case: dict) -> Change | None:
    settings = settings_of(case)
    if refusal := lifetimes.refused(settings):
        return Change(refusal[0], "does not start, and says that it is for " + refusal[1])
    return lifetimes.change(case, settings) or change(case)


def name_of(index: int, case: dict) -> str:
    profile = "" if case["profile"] == "env" else f" ({case['profile']})"
    line = changed(case)
    number = f" [changed on purpose: {line.number}]" if line else ""
    return f"{index} {case['name']}{profile}{number}"


EXCHANGES = [pytest.param(case, id=name_of(index, case)) for index, case in enumerate(CASES)]


class Sites:
    """Provides the site for a case: the shared one for the usual settings, else one at a time."""

    def __init__(self, usual: Site, make: Callable[..., Site]):
        self.usual = usual
        self.make = make
        self.profile = "env"
        self.current: Site | None = None

    def site(self, case: dict) -> Site:
        if case["profile"] == "env":
            return self.usual
        if case["profile"] != self.profile:
            self.close()
            self.profile = case["profile"]
            site = self.make(f"p{list(ABOUT['profiles']).index(self.profile)}", settings_of(case))
            self.current = site.__enter__()
        assert self.current
        return self.current

    def close(self) -> None:
        if self.current:
            self.current.__exit__()
        self.current = None


@pytest.fixture(scope="module")
def sites(site: Site, site_for: Callable[..., Site]) -> Iterator[Sites]:
    sites = Sites(site, site_for)
    yield sites
    sites.close()


@pytest.mark.parametrize("case", EXCHANGES)
def test_the_response_is_as_recorded_or_changed_on_purpose(case: dict, sites: Sites) -> None:
    line = changed(case)
    if line:
        print(f"changed on purpose, {line.number}: {line.reason}")
    if refusal := lifetimes.refused(settings_of(case)):
        check_refused_start(sites, settings_of(case), refusal[1])
        return
    site = sites.site(case)
    replay = Replay(case, site)
    replay.prepare(line.setup if line else ())
    if raw := case["request"].get("raw_on_one_connection"):
        check_pipeline(replay, raw)
        return
    if case["profile"] == "UPDATE fails in the database":
        site.database.execute(
            "CREATE TRIGGER refuse BEFORE INSERT ON sessions"
            " BEGIN SELECT RAISE(ABORT, 'refused'); END")

    site.database.confirm_sessions()
    before = site.database.dump()
    answer, *others = replay.send_all(case["request"])
    after = site.database.dump()

    check_answer(case, line, answer)
    check_cookies(case, line, answer, replay.slept)
    check_writes(case, line, before, after, answer.status)
    assert [other.status for other in others] == ([line.other] if line and line.other else [])
    if line and line.number == 3:
        assert answer.json["refreshToken"] != replay.saved["A.refresh"]
    assert site.backend.is_running


def check_pipeline(replay: Replay, raw: str) -> None:
    """Checks that two requests on one connection get two responses, which were not recorded."""
    first = 403 if "garbage" in raw else 200
    answers = replay.client.raw(raw.encode(), 2)
    assert [answer.status for answer in answers] == [first, 200]


def check_refused_start(sites: Sites, settings: dict[str, str], name: str) -> None:
    """Checks that the server does not start and names the setting in one line on stderr."""
    result = sites.usual.backend.command("serve", settings=settings)
    lines = result.stderr.strip().splitlines()
    assert result.returncode == 1, result
    assert len(lines) == 1 and name in lines[0], lines


@pytest.mark.parametrize("profile", sorted(ABOUT["profiles"]))
def test_recorded_settings_are_valid_or_rejected_by_name(profile: str, sites: Sites) -> None:
    settings = settings_of_profile(profile)
    refusal = lifetimes.refused(settings)
    if refusal:
        check_refused_start(sites, settings, refusal[1])
    else:
        checked = sites.usual.backend.command("check", settings=settings)
        assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_base_settings_are_the_recorded_ones() -> None:
    assert ABOUT["base_env"].items() <= BASE_SETTINGS.items()
