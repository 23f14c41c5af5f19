"""The browsers of the tests: what they hear of a page, whom they trust, what they share."""

import pytest

from harness.certificates import Authority
from harness.engines import ENGINES
from harness.site import Site

COMPLAIN = """() => {
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


def test_what_a_page_complains_of_is_heard(engine: str, fresh: Site) -> None:
    with ENGINES[engine](fresh.directory / f"complaints-{engine}", fresh.authority) as open_tab:
        tab = open_tab(f"https://localhost:{fresh.nginx.port}")
        tab.go("/")
        tab.find("heading", "Log in")
        assert tab.complaints() == []

        assert tab.run(COMPLAIN) is False
        for part in ("said aloud", "thrown", "rejected", "inline", "https://elsewhere.example/"):
            tab.wait_for_complaint(part)


def test_a_certificate_that_nobody_vouches_for_is_refused(engine: str, fresh: Site) -> None:
    stranger = Authority(fresh.directory / f"stranger-{engine}")
    with ENGINES[engine](fresh.directory / f"refusing-{engine}", stranger) as open_tab:
        assert open_tab(f"https://localhost:{fresh.nginx.port}").distrusts()


def test_devices_have_a_cookie_jar_each(engine: str, fresh: Site) -> None:
    with ENGINES[engine](fresh.directory / f"jars-{engine}", fresh.authority) as open_tab:
        tabs = [open_tab(f"https://localhost:{fresh.nginx.port}") for _ in range(2)]
        for tab in tabs:
            tab.go("/")
        tabs[0].run("() => { document.cookie = 'whose=mine'; }")

        assert [tab.run("() => document.cookie") for tab in tabs] == ["whose=mine", ""]
