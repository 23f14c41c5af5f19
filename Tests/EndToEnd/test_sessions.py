"""Login, refresh and logout as a client sees them."""

from concurrent.futures import ThreadPoolExecutor

from harness import tokens
from harness.client import Client, Tokens
from harness.database import JOHN_AT_COST_10
from harness.site import Site


def refreshed(client: Client, pair: Tokens) -> Tokens:
    answer = client.request("POST", "/api/auth/refresh", pair.cookie)
    assert answer.status == 200, answer.body
    return Tokens(answer.json["accessToken"], answer.json["refreshToken"])


def me(client: Client, pair: Tokens) -> int:
    return client.request("GET", "/api/auth/me", pair.bearer).status


def test_every_login_starts_its_own_session(client: Client) -> None:
    phone = client.log_in("john@example.com", "John@123")
    laptop = client.log_in("john@example.com", "John@123")

    assert client.request("POST", "/api/auth/logout", phone.bearer).status == 200

    assert (me(client, phone), me(client, laptop)) == (403, 200)
    refreshed(client, laptop)


def test_a_chain_of_refreshes_never_hands_out_a_token_twice(client: Client) -> None:
    pair = client.log_in("john@example.com", "John@123")
    end = tokens.read(pair.refresh)[1]["exp"]
    seen = {pair.refresh}
    for _ in range(20):
        pair = refreshed(client, pair)
        assert pair.refresh not in seen
        assert tokens.read(pair.refresh)[1]["exp"] == end, "rotation must not extend a session"
        assert me(client, pair) == 200
        seen.add(pair.refresh)


def test_reuse_of_a_refresh_token_ends_its_session_and_no_other(client: Client) -> None:
    other = client.log_in("john@example.com", "John@123")
    stolen = client.log_in("john@example.com", "John@123")
    newest = refreshed(client, stolen)

    answer = client.request("POST", "/api/auth/refresh", stolen.cookie)

    assert answer.status == 400
    assert answer.json["message"] == "Refresh token is invalid or expired."
    assert client.request("POST", "/api/auth/refresh", newest.cookie).status == 400
    assert (me(client, newest), me(client, other)) == (403, 200)


def test_one_of_several_simultaneous_refreshes_by_a_program_succeeds(fresh: Site) -> None:
    """Without a browser's headers, presenting a refresh token twice is always reuse."""
    pair = fresh.client().log_in("john@example.com", "John@123")
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(
            lambda client: client.request("POST", "/api/auth/refresh", pair.cookie).status,
            [fresh.client() for _ in range(8)]))

    assert sorted(answers) == [200] + [400] * 7


def test_an_access_token_verifies_with_the_secret_and_a_refresh_token_does_not(
    fresh: Site, client: Client
) -> None:
    pair = client.log_in("john@example.com", "John@123")

    assert tokens.is_signed(pair.access, fresh.secret)
    assert not tokens.is_signed(pair.refresh, fresh.secret)


def test_the_store_keeps_no_token(fresh: Site, client: Client) -> None:
    pair = refreshed(client, client.log_in("john@example.com", "John@123"))
    content = b"".join(fresh.database.file_bytes())

    for part in [part for token in (pair.access, pair.refresh) for part in token.split(".")]:
        assert part.encode() not in content


def test_a_stronger_hash_of_the_express_backend_is_accepted_and_kept(
    fresh: Site, client: Client
) -> None:
    fresh.database.execute("UPDATE accounts SET password_hash = ? WHERE id = 1", JOHN_AT_COST_10)

    client.log_in("john@example.com", "John@123")

    kept = fresh.database.execute("SELECT password_hash FROM accounts WHERE id = 1")
    assert kept == [(JOHN_AT_COST_10,)]


def test_a_weaker_hash_is_upgraded_at_login(site_for) -> None:
    with site_for("upgrade", {"GATEHOUSE_PASSWORD_COST": "6"}) as site:
        site.client().log_in("john@example.com", "John@123")
        rows = site.database.execute("SELECT password_hash FROM accounts ORDER BY id")
        assert [row[0][:7] for row in rows] == ["$2b$06$", "$2b$04$", "$2b$04$"]
        site.client().log_in("john@example.com", "John@123")


def test_a_name_of_any_characters_comes_back_as_it_was_sent(client: Client) -> None:
    pair = client.log_in("john@example.com", "John@123")
    odd = ["<img src=x onerror=1>", "\u202eאבג", "a\u0000b", "\"\\/\b\f\n\r\t", "😀" * 15, "\u2028"]
    for name in odd:
        made = client.send_json(
            "POST", "/api/people", {"firstName": name, "lastName": name}, pair.bearer)
        assert made.status == 201 and made.json["firstName"] == name
        read = client.request("GET", f"/api/people/{made.json['id']}", pair.bearer)
        assert read.json == made.json
