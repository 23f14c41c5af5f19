"""Every acknowledged change is on disk: killing the process loses none."""

import random
from collections.abc import Callable, Iterator

import pytest

from harness import scale
from harness.client import Client, Tokens
from harness.database import Database
from harness.load import Crowd, Visitor
from harness.site import Site

KILLS = scale.amount("KILLS", 80, 300)


@pytest.fixture(scope="module")
def durable(site_for) -> Iterator[Site]:
    lasting = {"JWT_EXPIRES_IN": "1h", "REFRESH_TOKEN_EXPIRES_IN": "1d"}
    with site_for("durable", lasting, hold_socket=True) as site:
        yield site


def status(client: Client, method: str, path: str, pair: Tokens) -> int:
    return client.request(method, path, pair.bearer).status


def sign_up(client: Client, admin: Tokens) -> Callable[[Client], bool]:
    account = {"email": "new@example.com", "password": "Passw0rd!"}
    assert client.send_json("POST", "/api/auth/signup", account).status == 201
    return lambda after: bool(after.log_in("new@example.com", "Passw0rd!"))


def log_in(client: Client, admin: Tokens) -> Callable[[Client], bool]:
    pair = client.log_in("john@example.com", "John@123")
    return lambda after: status(after, "GET", "/api/auth/me", pair) == 200


def refresh(client: Client, admin: Tokens) -> Callable[[Client], bool]:
    answer = client.request("POST", "/api/auth/refresh", admin.cookie)
    pair = Tokens(answer.json["accessToken"], answer.json["refreshToken"])

    def is_kept(after: Client) -> bool:
        newest = after.request("POST", "/api/auth/refresh", pair.cookie)
        oldest = after.request("POST", "/api/auth/refresh", admin.cookie)
        return (newest.status, oldest.status) == (200, 400)

    return is_kept


def reuse(client: Client, admin: Tokens) -> Callable[[Client], bool]:
    """A refused request that writes: the session is ended before the 400 is sent."""
    first = client.request("POST", "/api/auth/refresh", admin.cookie)
    newest = Tokens(first.json["accessToken"], first.json["refreshToken"])
    assert client.request("POST", "/api/auth/refresh", admin.cookie).status == 400
    return lambda after: status(after, "GET", "/api/auth/me", newest) == 403


def log_out(client: Client, admin: Tokens) -> Callable[[Client], bool]:
    assert status(client, "POST", "/api/auth/logout", admin) == 200
    return lambda after: status(after, "GET", "/api/auth/me", admin) == 403


def add_person(client: Client, admin: Tokens) -> Callable[[Client], bool]:
    person = {"firstName": "Johny", "lastName": "Bravo"}
    assert client.send_json("POST", "/api/people", person, admin.bearer).status == 201
    return lambda after: after.request(
        "GET", "/api/people/3", admin.bearer).json == {"id": 3} | person


def rename_person(client: Client, admin: Tokens) -> Callable[[Client], bool]:
    names = {"firstName": "Jane", "lastName": "Roe"}
    assert client.send_json("PUT", "/api/people/1", names, admin.bearer).status == 204
    return lambda after: after.request(
        "GET", "/api/people/1", admin.bearer).json == {"id": 1} | names


def remove_person(client: Client, admin: Tokens) -> Callable[[Client], bool]:
    assert status(client, "DELETE", "/api/people/2", admin) == 204
    return lambda after: status(after, "GET", "/api/people/2", admin) == 404


@pytest.mark.parametrize("change", [
    sign_up, log_in, refresh, reuse, log_out, add_person, rename_person, remove_person],
    ids=lambda change: change.__name__)
def test_a_kill_right_after_the_response_loses_nothing(
    change: Callable[[Client, Tokens], Callable[[Client], bool]], durable: Site
) -> None:
    durable.database.reset()
    client = durable.client()
    is_kept = change(client, client.log_in("admin@example.com", "Admin@123"))

    durable.backend.kill()
    durable.backend.start()

    assert is_kept(durable.client())


def test_random_kills_under_load_lose_nothing_acknowledged(durable: Site) -> None:
    seed = scale.seed()
    print(f"seed {seed}, {KILLS} kills")
    moments = random.Random(seed)
    durable.database.reset()
    with Crowd(durable, seed, forgiving=True) as crowd:
        for _ in range(KILLS):
            crowd.work(moments.randrange(1, 60))
            durable.backend.kill()
            durable.backend.start()
            assert durable.database.integrity() == []
        crowd.work(20)

    print(f"{crowd.answered} answered, {crowd.lost} lost with the process")
    assert crowd.failures == []
    assert crowd.count("POST", "PUT", "DELETE") > KILLS
    for visitor in crowd.visitors:
        check_kept(visitor, durable)


def check_kept(visitor: Visitor, site: Site) -> None:
    database, done = Database(site.backend.database_path), visitor.done
    accounts = {email for (email,) in database.execute("SELECT email FROM accounts")}
    people = {row[0]: row[1:] for row in database.execute("SELECT * FROM people")}
    assert done.accounts <= accounts
    assert not done.removed & people.keys()
    for number, names in done.people.items():
        assert people[number] in names
    client = site.client()
    for pair in done.live:
        assert client.request("POST", "/api/auth/refresh", pair.cookie).status == 200
    for pair in done.ended:
        assert client.request("POST", "/api/auth/refresh", pair.cookie).status == 400
        assert status(client, "GET", "/api/auth/me", pair) == 403
