"""As soon as a session has ended, by any means, every route refuses the next request.

This includes the tokens of a refresh that runs at the same time.
"""

import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from harness.client import Answer, Client, Headers, Tokens
from harness.jar import Jar
from harness.polling import pause
from harness.scale import amount, seed
from harness.site import Site
from test_refusals import ROUTES

RACES = amount("RACES", 12, 200)


@dataclass
class Scene:
    """An account with two sessions: one to be ended, and another that may end it."""

    site: Site
    email: str
    jar: Jar
    other: Tokens
    client: Client

    @classmethod
    def of(cls, site: Site, email: str, name: str) -> "Scene":
        client = site.client()
        return cls(site, email, Jar(site, name, email), client.log_in(email, "John@123"), client)

    def ask(self, method: str, path: str, headers: Headers, content: object = None) -> Answer:
        if content is None:
            return self.client.request(method, path, headers)
        return self.client.send_json(method, path, content, headers)

    def command(self, *arguments: str) -> None:
        done = self.site.backend.command(*arguments, stdin="Other@1234\n")
        assert done.returncode == 0, done.stderr


def log_out(scene: Scene) -> None:
    # If a refresh came first, the previous access token is still valid.
    assert scene.ask("POST", "/api/auth/logout", scene.jar.tokens.bearer).status == 200


def log_out_everywhere(scene: Scene) -> None:
    assert scene.ask("POST", "/api/auth/logout?all=true", scene.other.bearer).status == 200


def log_out_by_refresh_token(scene: Scene) -> None:
    cookie = ("Cookie", f"refreshToken={scene.jar.tokens.refresh}")
    answer = scene.ask("POST", "/api/auth/refresh/logout", [cookie, *scene.jar.marks])
    assert answer.status == 200 and answer.cookies["refreshToken"].value == ""


def end_from_another_session(scene: Scene) -> None:
    path = f"/api/auth/sessions/{scene.jar.session}"
    assert scene.ask("DELETE", path, scene.other.bearer).status == 204


def change_password(scene: Scene) -> None:
    passwords = {"currentPassword": "John@123", "newPassword": "Other@1234"}
    answer = scene.ask("POST", "/api/auth/password", scene.other.bearer, passwords)
    assert answer.status == 200, answer.body
    assert scene.ask("GET", "/api/auth/me", scene.other.bearer).status == 403, (
        "the caller's session goes on")
    new = Tokens(answer.json["accessToken"], answer.json["refreshToken"])
    assert scene.ask("GET", "/api/auth/me", new.bearer).status == 200


def end_session_by_command(scene: Scene) -> None:
    scene.command("session", "end", str(scene.jar.session))


def end_all_sessions_by_command(scene: Scene) -> None:
    scene.command("session", "end", "--all", scene.email)


def disable(scene: Scene) -> None:
    scene.command("user", "disable", scene.email)


def remove(scene: Scene) -> None:
    scene.command("user", "remove", scene.email)


def demote(scene: Scene) -> None:
    scene.command("user", "role", scene.email, "user")


def set_password(scene: Scene) -> None:
    scene.command("user", "password", scene.email)


ENDS: list[Callable[[Scene], None]] = [
    log_out, log_out_everywhere, log_out_by_refresh_token, end_from_another_session,
    change_password, end_session_by_command, end_all_sessions_by_command, disable, remove,
    demote, set_password]


def check_refused(scene: Scene, end: Callable[[Scene], None], pair: Tokens) -> None:
    """Checks that every route refuses the access token, by cookie and by header.

    Then checks that the refresh token is refused.
    """
    for method, path, body in ROUTES:
        for token in pair.bearer, [("Cookie", f"accessToken={pair.access}"), *scene.jar.marks]:
            answer = scene.client.request(
                method, path, [("Content-Type", "application/json"), *token], body)
            # This route reports that the account no longer exists.
            allowed = {404} if end is remove and path == "/api/auth/me" else {403}
            assert answer.status in allowed, (method, path, answer.status, answer.body)
            assert not answer.cookies
    assert scene.jar.present(scene.client, pair.refresh).status == 400
    assert scene.ask("POST", "/api/auth/refresh", pair.cookie).status == 400


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
def test_every_route_refuses_the_very_next_request(
    end: Callable[[Scene], None], fresh: Site
) -> None:
    for number, (method, path, body) in enumerate(ROUTES):
        # Each route gets the first request after the end of a session that was just in use.
        email, = fresh.database.add_accounts(f"{end.__name__}-{number}", 1, "admin")
        scene = Scene.of(fresh, email, f"{end.__name__}, route {number}")
        assert scene.jar.use(scene.client).status == 200
        end(scene)
        answer = scene.client.request(
            method, path, [("Content-Type", "application/json"), *scene.jar.tokens.bearer], body)
        assert answer.status in (403, 404), (method, path, answer.status)
        if (method, path) == ROUTES[-1][:2]:
            check_refused(scene, end, scene.jar.tokens)


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
def test_a_concurrent_refresh_returns_no_valid_token(
    end: Callable[[Scene], None], fresh: Site
) -> None:
    name = f"race-{end.__name__}"
    chance = random.Random(f"{seed()}, {name}")
    emails = fresh.database.add_accounts(name, RACES, "admin")
    orders: Counter[int] = Counter()
    with ThreadPoolExecutor(2) as pool:
        for number, email in enumerate(emails):
            scene = Scene.of(fresh, email, f"{name}, race {number}")
            client, before = fresh.client(), scene.jar.tokens
            client.request("GET", "/health")

            def refresh(after: float) -> Answer:
                # The random moment of the race with `finish`.
                pause(max(0.0, after))
                return scene.jar.refresh(client, before)

            def finish(after: float) -> None:
                # The random moment of the race with `refresh`.
                pause(max(0.0, after))
                end(scene)

            # Vary which of the two is first; a command takes some time to start.
            lead = chance.uniform(-0.01, 0.015)
            refreshing = pool.submit(refresh, lead)
            pool.submit(finish, -lead).result()
            answer = refreshing.result()

            orders[answer.status] += 1
            check_refused(scene, end, before)
            if answer.status == 200:
                handed = Tokens(answer.json["accessToken"], answer.json["refreshToken"])
                check_refused(scene, end, handed)
            else:
                assert answer.status == 400, answer.body
            client.close()
            scene.client.close()
    print(f"{name}: the refresh was first {orders[200]} times of {RACES}")
