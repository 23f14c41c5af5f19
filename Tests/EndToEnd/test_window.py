"""The rules of the refresh window, one by one, through nginx (docs/rotation.md)."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness.client import Answer, Client, Headers, Tokens
from harness.polling import pause
from harness.site import Site

WINDOW = 1
BROWSER: Headers = [("Sec-Fetch-Site", "same-origin")]
BOTH, ACCESS_ONLY = {"accessToken", "refreshToken"}, {"accessToken"}


@pytest.fixture(scope="module")
def windowed(site_for) -> Iterator[Site]:
    """A site with a window of one second.

    That is enough for requests within the window, because they are sent without delay.
    """
    with site_for("window", {"GATEHOUSE_REFRESH_WINDOW": f"{WINDOW}s"}) as site:
        yield site


@pytest.fixture
def browser(windowed: Site) -> Iterator[Client]:
    windowed.database.reset()
    client = windowed.client()
    yield client
    client.close()


@pytest.fixture
def login(browser: Client) -> Tokens:
    return browser.log_in("john@example.com", "John@123")


def present(client: Client, pair: Tokens, marks: Headers = BROWSER) -> Answer:
    return client.request("POST", "/api/auth/refresh", [*pair.cookie, *marks])


def handed_out(answer: Answer) -> Tokens:
    assert answer.status == 200, answer.body
    return Tokens(answer.json["accessToken"], answer.json["refreshToken"])


def use(client: Client, pair: Tokens) -> int:
    return client.request("GET", "/api/auth/me", pair.bearer).status


def let_the_window_pass() -> None:
    # The server's rule is about real time, and no response shows that the time has passed.
    pause(WINDOW + 0.05)


def test_tabs_that_refresh_simultaneously_get_the_same_token(windowed: Site, login: Tokens) -> None:
    clients = [windowed.client() for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda client: present(client, login), clients))

    assert [set(answer.cookies) for answer in answers] == [BOTH] * 8
    assert len({handed_out(answer).refresh for answer in answers}) == 1
    assert handed_out(answers[0]).refresh != login.refresh


def test_the_newest_refresh_token_is_not_exchanged_within_the_window(
    browser: Client, login: Tokens
) -> None:
    first = handed_out(present(browser, login))
    again = present(browser, first)
    let_the_window_pass()
    next_one = present(browser, first)

    assert (set(again.cookies), handed_out(again).refresh) == (ACCESS_ONLY, first.refresh)
    assert use(browser, handed_out(again)) == 200
    assert set(next_one.cookies) == BOTH and handed_out(next_one).refresh != first.refresh


def test_a_refresh_whose_response_was_lost_can_be_retried_at_any_time(
    browser: Client, login: Tokens
) -> None:
    lost = handed_out(present(browser, login))
    let_the_window_pass()

    again = handed_out(present(browser, login))

    assert again.refresh not in (lost.refresh, login.refresh)
    assert use(browser, again) == 200


def test_the_use_of_a_token_that_was_presumed_lost_ends_the_session(
    browser: Client, login: Tokens
) -> None:
    lost = handed_out(present(browser, login))
    let_the_window_pass()
    again = handed_out(present(browser, login))
    let_the_window_pass()

    assert use(browser, lost) == 403
    assert (use(browser, again), present(browser, again).status) == (403, 400)


def test_a_refresh_whose_response_arrived_cannot_be_retried_after_the_window(
    browser: Client, login: Tokens
) -> None:
    newest = handed_out(present(browser, login))
    assert use(browser, newest) == 200
    assert handed_out(present(browser, login)).refresh == newest.refresh, "within the window"
    let_the_window_pass()

    assert present(browser, login).status == 400
    assert (use(browser, newest), present(browser, newest).status) == (403, 400)


@pytest.mark.parametrize("how", ["a bare cookie", "a body", "a body beside a browser's marks"])
def test_only_browsers_get_the_window(how: str, browser: Client, login: Tokens) -> None:
    def ask(pair: Tokens) -> Answer:
        if how == "a bare cookie":
            return present(browser, pair, [])
        marks = BROWSER if "marks" in how else []
        return browser.send_json(
            "POST", "/api/auth/refresh", {"refreshToken": pair.refresh}, marks)

    newest = handed_out(ask(login))

    assert ask(login).status == 400
    assert present(browser, newest).status == 400


def test_a_program_can_retry_a_refresh_with_the_same_idempotency_key(
    browser: Client, login: Tokens
) -> None:
    key: Headers = [("Idempotency-Key", "4f0c-1")]
    first = handed_out(present(browser, login, key))
    again = handed_out(present(browser, login, key))
    second = handed_out(present(browser, again, [("Idempotency-Key", "4f0c-2")]))

    assert again.refresh == first.refresh != second.refresh
    assert use(browser, second) == 200
    assert present(browser, login, key).status == 400
    assert use(browser, second) == 403


@pytest.mark.parametrize("key", ["4f0c-2", None])
def test_a_request_with_a_different_idempotency_key_is_not_a_retry(
    key: str | None, browser: Client, login: Tokens
) -> None:
    handed_out(present(browser, login, [("Idempotency-Key", "4f0c-1")]))

    assert present(browser, login, [("Idempotency-Key", key)] if key else []).status == 400


@pytest.mark.parametrize("key", ["", "two words", "\u00e9", "x" * 256])
def test_an_invalid_idempotency_key_is_rejected_and_changes_nothing(
    key: str, browser: Client, login: Tokens
) -> None:
    answer = present(browser, login, [("Idempotency-Key", key)])

    assert answer.status == 400 and answer.json["message"] == "Validation failed"
    assert present(browser, login, []).status == 200


def test_without_a_window_a_browser_can_use_a_refresh_token_only_once(site_for) -> None:
    with site_for("no-window", {"GATEHOUSE_REFRESH_WINDOW": "0"}) as site:
        client = site.client()
        login = client.log_in("john@example.com", "John@123")
        newest = handed_out(present(client, login))

        assert present(client, login).status == 400
        assert (use(client, newest), present(client, newest).status) == (403, 400)
