"""Fixtures shared by all black-box tests, and the search of all logs for confidential values.

Environment variables say what is tested, and how thoroughly:

GATEHOUSE_BINARY      the program (default: .build/release/gatehouse, else .build/debug/gatehouse)
GATEHOUSE_NGINX       the nginx configuration (default: nginx/)
GATEHOUSE_WEB         the page (default: web/)
GATEHOUSE_CHROMIUM    the browser (default: chromium in the PATH)
GATEHOUSE_TEST_FULL   run the long version, as `make acceptance` does; it takes about an hour
GATEHOUSE_TEST_SEED   the seed of random tests; each test prints the one that it uses

GATEHOUSE_TEST_KILLS, _RESTARTS, _RELOADS, _JARS, _REFRESHES, _LIVES, _ASKS, _ANSWERS, _TRIALS,
_RACES, _SAMPLES, _IMPORTED, _CONNECTION and _REQUESTS set how often a test repeats something, or how much data
it uses (harness/scale.py).
"""

import itertools
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

# pytest then shows the compared values also for the assertions in these modules.
pytest.register_assert_rewrite("harness", "comparison", "forgeries", "nginx_answers")

from playwright.sync_api import Browser, expect  # noqa: E402

from devices import Devices  # noqa: E402
from harness import log_leaks  # noqa: E402
from harness.backend import BASE_SETTINGS, binary  # noqa: E402
from harness.browser import browser, executable  # noqa: E402
from harness.certificates import Authority  # noqa: E402
from harness.client import Client, Tokens  # noqa: E402
from harness.database import ACCOUNTS  # noqa: E402
from harness.site import Site  # noqa: E402

# Short, because the path of a unix socket has at most 107 bytes (unix(7)).
RUN = Path(tempfile.mkdtemp(prefix="gatehouse-e2e-"))


# As long as Playwright's other waits here. Its default, 5 seconds, is short for busy cores.
expect.set_options(timeout=15_000)


def pytest_configure() -> None:
    if not binary().exists():
        pytest.exit(f"{binary()} is missing: build first, or set GATEHOUSE_BINARY", 4)
    log_leaks.register(BASE_SETTINGS["JWT_SECRET"])
    log_leaks.register(*(email for _, email, *_ in ACCOUNTS))
    log_leaks.register(*(password for _, _, password, *_ in ACCOUNTS))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Fails the run if a log contains a confidential value, even one registered afterwards."""
    session.config.log_leaks = log_leaks.leaks(RUN)
    if session.config.log_leaks:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    elif exitstatus == 0:
        shutil.rmtree(RUN)


def pytest_terminal_summary(terminalreporter, config: pytest.Config) -> None:
    for leak in getattr(config, "log_leaks", []):
        terminalreporter.write_line(f"LEAK {leak}", red=True)
    if RUN.exists():
        terminalreporter.write_line(f"logs and databases of the run: {RUN}")


@pytest.fixture(scope="session")
def authority() -> Authority:
    return Authority(RUN / "tls")


@pytest.fixture(scope="session")
def site_for(authority: Authority) -> Callable[..., Site]:
    """Creates further sites, each in a directory of the given name, or with a number behind it if
    another test has used the name."""
    def create(name: str, *settings: dict[str, str], **choices: object) -> Site:
        names = itertools.chain([name], (f"{name}-{number}" for number in itertools.count(2)))
        directory = next(RUN / name for name in names if not (RUN / name).exists())
        return Site(directory, authority, *settings, **choices)

    return create


@pytest.fixture(scope="session")
def site(site_for: Callable[..., Site]) -> Iterator[Site]:
    """The site that most tests share."""
    with site_for("site") as site:
        yield site


@pytest.fixture
def fresh(site: Site) -> Site:
    """The shared site, its database reset to the recorded fixture."""
    site.database.reset()
    return site


@pytest.fixture
def client(fresh: Site) -> Iterator[Client]:
    client = fresh.client()
    yield client
    client.close()


@pytest.fixture
def pair(client: Client) -> Tokens:
    """An administrator's tokens, so that no request is refused because of the role."""
    return client.log_in("admin@example.com", "Admin@123")


@pytest.fixture(scope="module")
def chromium(site: Site, request: pytest.FixtureRequest) -> Iterator[Browser]:
    assert executable(), "chromium is missing: apt-get install chromium libnss3-tools"
    with browser(site.directory / request.module.__name__, site.authority) as window:
        yield window.browser


@pytest.fixture
def devices(fresh: Site, chromium: Browser) -> Iterator[Devices]:
    devices = Devices(chromium, f"https://localhost:{fresh.nginx.port}")
    yield devices
    devices.close()
