"""Compares a response with the recorded one, as changed by the contract's numbered list."""

import calendar
import json
import math
import re
import time
from typing import Any

from changed import ANY, Change
from harness import tokens
from harness.client import Answer, Cookie
from harness.database import Dump, changes
from harness.replay import RECORDED

HELMET = RECORDED["about"]["helmet_headers"]


def check_answer(case: dict, line: Change | None, answer: Answer) -> None:
    """Checks that status, headers and body are as recorded, except for what the line changes."""
    recorded = case["response"]
    status = line.status if line and line.status else recorded["status"]
    assert answer.status == status, answer.body

    for name, value in recorded["headers"].items():
        if name == "content-type" and not answer.body and case["request"]["method"] != "HEAD":
            continue
        if name == "content-type":
            assert answer.header(name) == "application/json; charset=utf-8"
        elif name == "vary":
            sent = {field.strip().lower() for field in (answer.header(name) or "").split(",")}
            assert {field.lower() for field in value.split(", ")} <= sent
        else:
            assert answer.header(name) == value, name
    for name, value in HELMET.items():
        assert answer.header(name) == value, name
    if line and line.allow:
        allowed = {method.strip() for method in (answer.header("allow") or "").split(",")}
        assert line.allow <= allowed <= line.allow | {"HEAD", "OPTIONS"}, allowed

    body = recorded["body"] if line is None or line.body is None else line.body
    if body == "" or case["request"]["method"] == "HEAD":
        assert answer.body == b""
        return
    sent = json.loads(answer.body.decode())
    if isinstance(body, dict) and body.get("message") == "Validation failed":
        # Gatehouse lists all violations; the first is the one that Express sent.
        errors = sent.get("errors")
        assert errors and all(isinstance(error, str) for error in errors), sent
        assert body["errors"] is ANY or errors[0] == body["errors"][0], errors
        sent, body = sent | {"errors": []}, body | {"errors": []}
    assert agrees(body, sent), sent


def check_cookies(case: dict, line: Change | None, answer: Answer, slept: float) -> None:
    """Checks that the response sets exactly the expected cookies."""
    if line and line.number == 4:
        return  # recorded as an error, without cookies to compare with
    recorded = case["response"].get("set_cookie", [])
    if line and line.status and line.status != case["response"]["status"]:
        recorded = []
    if line and line.cookies:
        recorded = line.cookies
    cookies = dict(answer.cookies)
    if case["request"]["path"].startswith("/api/auth/login") and answer.status == 200:
        check_known_device(cookies.pop("device"))
    assert set(cookies) == {cookie["name"] for cookie in recorded}
    for wanted in recorded:
        cookie = cookies[wanted["name"]]
        if wanted["value"] == "":
            check_cleared(wanted, cookie)
            continue
        check_cookie(wanted, cookie, case["area"] == "refresh", slept)
        assert cookie.value == answer.json[cookie.name]
        assert answer.header("cache-control") == "no-store"


def check_known_device(cookie: Cookie) -> None:
    """Checks the cookie of line 23, which only a login sets and only a login receives."""
    assert cookie.value and cookie.attributes["path"] == "/api/auth/login"
    assert cookie.attributes["max-age"] == str(365 * 86_400)
    assert {"httponly", "secure"} <= set(cookie.attributes)
    assert cookie.attributes["samesite"] == "Strict"


def check_writes(case: dict, line: Change | None, before: Dump, after: Dump, status: int) -> None:
    """Checks that an error changed nothing, and that a success wrote what was recorded."""
    difference = changes(before, after)
    if status >= 400:
        kinds = events_that_came(difference)
        if line and line.ends_session:
            (old,), (new,) = difference.pop("sessions")
            changed = [(was, is_now) for was, is_now in zip(old, new) if was != is_now]
            assert len(changed) == 1 and changed[0][0] is None, "only ended_at should change"
            assert kinds == ["reuse"]
            ((count,),), ((less,),) = difference.pop("sessions_count")
            assert less == count - 1
        elif case["request"]["path"] == "/api/auth/login" and status == 401:
            for table in "failures", "failures_count":
                difference.pop(table, None)
            assert kinds == ["failed-login"]
        elif status == 403 and case["request"]["method"] == "DELETE" and kinds:
            # A signed-in user was refused an action.
            assert kinds == ["refused"]
        else:
            assert kinds == []
        assert difference == {}
        return
    for what, number, *values in case.get("writes", []):
        if what == "INSERT Users":
            row = next(row for row in after["accounts"] if row[0] == number)
            assert (row[1], row[3]) == tuple(values)
        elif what in ("INSERT People", "UPDATE People"):
            assert (number, *values) in after["people"]
        elif what == "DELETE People":
            assert number not in [row[0] for row in after["people"]]


def events_that_came(difference: dict[str, tuple[list[tuple], list[tuple]]]) -> list[str]:
    """Removes the events from the difference and returns their kinds; none may be deleted."""
    went, came = difference.pop("events", ([], []))
    assert not went
    return [row[2] for row in sorted(came)]


def agrees(recorded: Any, body: Any) -> bool:
    """Whether a JSON value equals the recorded one; a mask such as <JWT> matches any such value."""
    if recorded == "<JWT>":
        return isinstance(body, str) and body.count(".") == 2
    if recorded == "<ISO-8601 ms Z>":
        moment = re.fullmatch(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.\d{3}Z", body)
        seconds = moment and calendar.timegm(time.strptime(moment[1], "%Y-%m-%dT%H:%M:%S"))
        return bool(moment) and abs(seconds - time.time()) < 10
    if isinstance(recorded, dict):
        return (
            isinstance(body, dict) and body.keys() == recorded.keys()
            and all(agrees(value, body[name]) for name, value in recorded.items()))
    return recorded == body


def check_cookie(recorded: dict, cookie: Cookie, rotated: bool, slept: float) -> None:
    """Compares a token's cookie, including attributes and claims, with the recorded one."""
    now = time.time()
    attributes = cookie.attributes
    for name in ("Path", "HttpOnly", "Secure", "SameSite"):
        assert attributes.get(name.lower()) == recorded[name], (name, attributes)
    assert set(attributes) == {
        "path", "httponly", "secure", "samesite", "max-age", "expires"}, attributes

    kind = {"accessToken": "at+jwt", "refreshToken": "rt+jwt"}[cookie.name]
    header, claims = tokens.read(cookie.value)
    assert re.fullmatch("[0-9a-f]{6}", header.pop("kid"))
    assert header == {"alg": "HS256", "typ": kind}
    wanted = recorded["jwt"]["payload"]
    for name in wanted.keys() - {"iat", "exp"}:
        assert claims[name] == wanted[name], (name, claims)
    assert abs(claims["iat"] - now) <= 2

    max_age, recorded_age = int(attributes["max-age"]), int(recorded["Max-Age"])
    assert abs(cookie.expires - now - max_age) <= 2
    if rotated and cookie.name == "refreshToken":
        # The remaining lifetime: at most the recorded one plus the time that the recording slept.
        # The token expires with its cookie (19); Express gave the token a full lifetime again.
        assert recorded_age - 2 <= max_age <= recorded_age + math.ceil(slept) + 1
        assert abs(claims["exp"] - claims["iat"] - max_age) <= 1, (claims, max_age)
    else:
        assert max_age == recorded_age
        assert f"<iat+{claims['exp'] - claims['iat']}>" == wanted["exp"]


def check_cleared(recorded: dict, cookie: Cookie) -> None:
    """Checks that a cookie expires at once, with the attributes it was set with (19)."""
    assert cookie.value == "" and cookie.attributes["path"] == recorded["Path"]
    assert cookie.attributes["httponly"] is True and cookie.attributes["secure"] is True
    assert cookie.attributes["samesite"] == "Strict"
    assert cookie.attributes["max-age"] == "0" and cookie.expires < time.time()
