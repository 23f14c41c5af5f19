"""The browsers that the tests use: page errors, trusted certificates and separate cookies."""

import pytest

from harness.certificates import Authority
from harness.engines import ENGINES
from harness.site import Site

CAUSE_ERRORS = """() => {
    console.error('said', 'aloud');
    setTimeout(() => { throw new Error('thrown') });
    Promise.reject(new Error('rejected'));
    const script = document.createElement('script');
    script.textContent = 'window.harmed = true';
    document.head.append(script);
    const image = document.createElement('img');
    image.src = 'https://elsewhere.example/image.png';
    document.body.append(image);
    return 'harmed' in window;
}"""


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    return request.param


def test_errors_of_a_page_are_reported(engine: str, fresh: Site) -> None:
    with ENGINES[engine](fresh.directory / f"errors-{engine}", fresh.authority) as open_tab:
        tab = open_tab(f"https://localhost:{fresh.nginx.port}")
        tab.go("/")
        tab.find("heading", "Log in")
        assert tab.errors() == []

        assert tab.run(CAUSE_ERRORS) is False
        for part in ("said aloud", "thrown", "rejected", "inline", "https://elsewhere.example/"):
            tab.wait_for_error(part)


def test_a_certificate_of_an_unknown_authority_is_refused(engine: str, fresh: Site) -> None:
    stranger = Authority(fresh.directory / f"stranger-{engine}")
    with ENGINES[engine](fresh.directory / f"refusing-{engine}", stranger) as open_tab:
        assert open_tab(f"https://localhost:{fresh.nginx.port}").refuses_certificate()


def test_each_device_has_its_own_cookies(engine: str, fresh: Site) -> None:
    with ENGINES[engine](fresh.directory / f"jars-{engine}", fresh.authority) as open_tab:
        tabs = [open_tab(f"https://localhost:{fresh.nginx.port}") for _ in range(2)]
        for tab in tabs:
            tab.go("/")
        tabs[0].run("() => { document.cookie = 'whose=mine'; }")

        assert [tab.run("() => document.cookie") for tab in tabs] == ["whose=mine", ""]
