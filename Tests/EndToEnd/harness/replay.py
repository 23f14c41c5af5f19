"""Replays the recorded cases: their set-up steps and their request."""

import base64
import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from . import tokens
from .client import Answer, Client
from .site import Site

RECORDED = json.loads(
    (Path(__file__).parent.parent / "contract-cases.json").read_text())


class Replay:
    """One case against one site. Steps save values that later steps and the request use."""

    def __init__(self, case: dict, site: Site):
        self.case = case
        self.site = site
        self.client = site.client()
        self.saved: dict[str, str] = {}
        # The seconds that the recording slept. Express issued equal tokens within one second;
        # Gatehouse does not, so nothing sleeps here.
        self.slept = 0.0

    def prepare(self, statuses: tuple[int, ...] = ()) -> None:
        """Runs the set-up steps; their requests must get the recorded or the given statuses."""
        expected = iter(statuses)
        for step in self.case["setup"]:
            if step == "fixture":
                self.site.database.reset()
            elif "login" in step:
                pair = self.client.log_in(**step["login"])
                self._save(step, pair.access, pair.refresh)
            elif "make_jwt" in step:
                self._save(step, self._mint(**step["make_jwt"]))
            elif "derive" in step:
                self._save(step, self._derived(step))
            elif "request" in step:
                answer = self.send(step["request"])
                assert answer.status == next(expected, step["got"]["status"]), answer.body
                if step["saves"] and answer.status == 200:
                    self._save(step, answer.json["accessToken"], answer.json["refreshToken"])
            elif "db" in step:
                self._edit(step["db"], step["args"])
            elif "sleep_s" in step:
                self.slept += step["sleep_s"]
            else:
                # Tokens are never equal here, so there is no need to wait for a full second.
                assert "align" in step, step

    def _save(self, step: dict, *values: str) -> None:
        self.saved.update(zip(step["saves"], values, strict=True))

    def _mint(self, payload: Any, header: dict, secret: str) -> str:
        now = int(time.time())
        text = re.sub(
            r'"<now([+-]\d+)>"', lambda match: str(now + int(match[1])), json.dumps(payload))
        secret = secret.replace("<JWT_SECRET>", self.site.secret)
        return tokens.sign(header, json.loads(text), secret)

    def _derived(self, step: dict) -> str:
        original = self._filled(step["from"])
        head, payload, signature = original.split(".")
        match step["derive"].split(",")[0]:
            case "payload replaced by one with role admin":
                claims = json.loads(tokens.decode(payload)) | {"role": "admin"}
                return f"{head}.{tokens.encode(json.dumps(claims).encode())}.{signature}"
            case "second-last character of the signature changed":
                other = "A" if signature[-2] != "A" else "B"
                return f"{head}.{payload}.{signature[:-2]}{other}{signature[-1]}"
            case ". written as %2E":
                return original.replace(".", "%2E")
        raise AssertionError(step)

    def _edit(self, what: str, arguments: dict) -> None:
        """Changes accounts.

        Only a removal uses a command. The command for roles would also end the sessions.
        """
        if what == "deluser":
            done = self.site.backend.command("user", "remove", arguments["email"])
            assert done.returncode == 0, done.stderr
        elif what == "role":
            self.site.database.set_role(arguments["email"], arguments["role"])
        elif arguments["set"] == {"RefreshTokenExpiry": None}:
            # A session that expired in the database, whatever the token says, has ended here.
            self.site.database.execute("UPDATE sessions SET ended_at = started_at")
        else:
            # The recording writes its own token into the account's row. There is no such column
            # here, because the store keeps no token.
            assert set(arguments["set"]) == {"RefreshToken", "RefreshTokenExpiry"}, arguments

    def _filled(self, text: str) -> str:
        return re.sub(r"\{\{(.+?)\}\}", lambda match: self.saved.get(match[1], "none"), text)

    def send(self, request: dict) -> Answer:
        """Sends a recorded request; if it is sent in parallel, returns the lowest status."""
        if "raw_on_one_connection" in request:
            raise AssertionError("raw requests are sent by their own test")
        return self.send_all(request)[0]

    def _body(self, request: dict) -> bytes | None:
        if "body_base64" in request:
            return base64.b64decode(request["body_base64"])
        if request["body"] is None and "body_note" in request:
            # Too large to be recorded: "65536 bytes", "65536 x".
            return b"x" * int(request["body_note"].split()[0])
        return None if request["body"] is None else self._filled(request["body"]).encode()

    def send_all(self, request: dict) -> list[Answer]:
        headers = [(name, self._filled(value)) for name, value in request["headers"]]
        body = self._body(request)
        chunked = request.get("chunked", False)

        def once(client: Client) -> Answer:
            return client.request(request["method"], request["path"], headers, body, chunked)

        if count := request.get("parallel"):
            with ThreadPoolExecutor(count) as pool:
                clients = [self.site.client() for _ in range(count)]
                return sorted(pool.map(once, clients), key=lambda answer: answer.status)
        return [once(self.client)]
