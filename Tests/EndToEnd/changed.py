"""The cases whose response intentionally differs from the recorded one, with the reason.

The numbers are those of the contract's list *Changed on purpose*:

1 a rejected request changes nothing             11 same work for unknown e-mail addresses
2 access and refresh tokens not interchangeable  12 no start without a secret of 32 bytes
3 a refresh returns a different refresh token    13 one wording: Person not found
4 each login has a session of its own            14 no start with an invalid lifetime
5 reuse of a refresh token ends its session      15 no-store; e-mail addresses are unique
6 commit first, then respond                     16 tokens are valid only with their session
7 malformed body: JSON error; missing: empty     17 Bearer: any case, exactly one token
8 reject passwords that bcrypt would truncate    18 case-sensitive paths, plain decimal ids
9 invalid id: 404; PUT keeps an omitted name     19 cookies and durations are consistent
10 wrong method: 405 with Allow                  22 e-mail domains are checked by libidn2
20 the first good cookie of a name counts        24 an expired token in its cookie: 401
                                                 23 a login also sets the cookie device

The first pattern in the table that matches the whole name of a case applies. A case without a match
gets the recorded response.
"""

import re
from dataclasses import dataclass, field
from typing import Any

ANY = object()
"""Stands for a list of `errors` with any wording."""


@dataclass(frozen=True)
class Change:
    """The differences from the recorded response; a field that is None stays as recorded."""

    number: int
    reason: str
    status: int | None = None
    body: Any = None
    # The methods that Allow must list; it may also list HEAD and OPTIONS.
    allow: frozenset[str] = frozenset()
    # Statuses of the set-up requests, in order, if they differ from the recorded ones.
    setup: tuple[int, ...] = ()
    # The status of the second of two simultaneous requests.
    other: int | None = None
    ends_session: bool = False
    cookies: list[dict] | None = field(default=None, hash=False)


def problem(status: int, message: str, *errors: Any) -> dict:
    """Returns an error body in the contract's format."""
    body: dict[str, Any] = {"statusCode": status, "message": message}
    return body | ({"errors": ANY if errors == (ANY,) else list(errors)} if errors else {})


def invalid(*errors: Any) -> dict:
    return problem(400, "Validation failed", *errors)


NO_PERSON = problem(404, "Person not found")
NO_TOKEN = problem(403, "Invalid or expired token")
NO_LOGIN = problem(401, "Invalid username or password")
NOT_ALLOWED = problem(405, "Method not allowed")
# nginx's own response to a request that it rejects before it reaches the backend.
BAD_REQUEST = problem(400, "Bad request")

BY_STATUS = {
    400: problem(400, "Malformed JSON"),
    413: problem(413, "Payload too large"),
    415: problem(415, "Unsupported media type"),
}


def _no_route(target: str) -> dict:
    return problem(
        404, "Route not found", f"The requested route {target} does not exist")


def _wrong_method(*methods: str) -> Change:
    return Change(10, "the path exists", 405, NOT_ALLOWED, allow=frozenset(methods))


TABLE: list[tuple[str, Change]] = [
    # Routing
    ("health upper case", Change(18, "another path", 404, _no_route("/HEALTH"))),
    ("mixed-case login path", Change(18, "another path", 404, _no_route("/Api/Auth/LOGIN"))),
    ("health POST", _wrong_method("GET")),
    ("GET on /api/auth/(login|signup)", _wrong_method("POST")),
    ("logout: GET is 404", _wrong_method("POST")),
    ("DELETE the collection", _wrong_method("GET", "POST")),
    # Signup and login
    ("signup: (email \"a@😀.com\"|email Arabic-Indic digit in the domain"
     "|email invalid punycode label)",
     Change(22, "libidn2 refuses the domain", 400,
            invalid("Please provide a valid email address"))),
    ("signup: password (NUL inside|70 UTF-16 units.*)",
     Change(8, "bcrypt cannot hold it whole", 400, invalid(ANY))),
    ("login: 72-byte truncation.*",
     Change(8, "never signed up", 401, NO_LOGIN, setup=(400,))),
    ("login: NUL in password.*", Change(8, "never signed up", setup=(400,))),
    ("signup role injection.*",
     Change(1, "the refused signup made no account", 403, NO_TOKEN, setup=(400, 401))),
    ("two sign-ups of one e-mail at once", Change(15, "unique: the other is a 409", other=409)),
    ("login: unknown user", Change(11, "answered as recorded, after the same work")),
    ("login: while the database refuses UPDATE",
     Change(6, "not stored, not answered", 500, problem(500, "Internal server error"))),
    # Bodies: an ignored or missing body counts as an empty object
    ("body: (no content type|no body), signup",
     Change(7, "an empty object", 400, invalid("Email is required"))),
    ("body: content type with (junk parameter|leading garbage)",
     Change(7, "an empty object", 400, invalid('"username" is required'))),
    ("body: 64 KB of text/plain", Change(7, "every body is bounded", 413, BY_STATUS[413])),
    ("people: create no body",
     Change(7, "an empty object", 400, invalid('"firstName" is required'))),
    ("people: update (no body|empty object)",
     Change(9, "an empty object: both names are kept", 204, "")),
    # Access tokens
    ("token: upper-case BEARER",
     Change(17, "any case", 200, {"username": "john@example.com", "role": "user"})),
    ("token: cookie twice, first garbage",
     Change(20, "the second is good", 200, {"username": "john@example.com", "role": "user"})),
    ("token: two Authorization headers",
     Change(17, "exactly one token: nginx refuses the second header", 400, BAD_REQUEST)),
    ("token: refresh token .*", Change(2, "a refresh token", 403, NO_TOKEN)),
    ("token: (alg HS384.*|header key order.*|extra header.*|no exp|no iat|nbf now|exp as float"
     "|username .*|no username|payload (is|empty) .*|role in the token admin.*)",
     Change(16, "names no session", 403, NO_TOKEN)),
    ("token: token after the user was removed: people",
     Change(16, "the session went with the account", 403, NO_TOKEN)),
    ("logout: (twice|then me with the old access token)",
     Change(16, "the session has ended", 403, NO_TOKEN)),
    ("logout: user removed", Change(16, "the session went with the account", 403, NO_TOKEN)),
    ("logout: with cookie", Change(19, "cleared with the attributes they were set with")),
    # Refresh tokens
    ("refresh: in the second of the login", Change(3, "the new token is another one")),
    ("refresh: old token again after a same-second refresh",
     Change(5, "rotated away, in the same second too", 400,
            problem(400, "Refresh token is invalid or expired."), ends_session=True)),
    ("refresh: already rotated", Change(5, "reuse", ends_session=True)),
    ("refresh: old token after a second login", Change(4, "its session lives on", 200, {
        "accessToken": "<JWT>", "refreshToken": "<JWT>"})),
    # People
    (r"people: get id (-2147483649|1abc|1\.0|1\.5|1e0|0x1|1%2F2|1,2|null|true|%D9%A1|1%0A)",
     Change(9, "no id", 404, NO_PERSON)),
    # nginx rejects a NUL in a path itself: with the 404 of line 9, in the words that were recorded
    # for /%00.
    ("people: get id %00", Change(9, "no id, says nginx", 404, _no_route("/api/people/%00"))),
    (r"people: get id (\+1|%201)", Change(18, "no plain decimal id", 404, NO_PERSON)),
    (r"people: get (id (2147483647|-2147483648|-|%20)|unknown)", Change(13, "one spelling", body=NO_PERSON)),
    ("people: update no body, unknown id", Change(13, "one spelling", body=NO_PERSON)),
    ("people: (update|delete) (id abc|huge id).*", Change(9, "no id", 404, NO_PERSON)),
    ("people: update (only firstName|missing (first|last)Name)",
     Change(9, "keeps the other name", 204, "")),
    ("people: delete as admin demoted after login",
     Change(16, "asks the store", 403, problem(403, "Insufficient permissions"))),
    ("people: delete with token role .*", Change(16, "names no session", 403, NO_TOKEN)),
]

# nginx rejects malformed percent-encoding with a 400: formerly in HTML, now in JSON.
_BAD_ESCAPES = Change(7, "the JSON shape", 400, BAD_REQUEST)


def change(case: dict) -> Change | None:
    """Returns the change that applies to the case, if any."""
    recorded = case["response"]
    if "text/html" in recorded["headers"].get("content-type", "") and recorded["status"] != 500:
        if case["name"] in ("people: get id %", "people: get id %zz"):
            return _BAD_ESCAPES
        return Change(7, "the JSON shape", body=BY_STATUS[recorded["status"]])
    for pattern, change in TABLE:
        if re.fullmatch(pattern, case["name"]):
            return None if _is_as_recorded(change, recorded) else change
    if case.get("writes") and (recorded["status"] or 0) >= 400:
        return Change(1, "answered as recorded, and nothing is written")
    return None


def _is_as_recorded(change: Change, recorded: dict) -> bool:
    return change.body is not None and change.status in (None, recorded["status"]) \
        and change.body == recorded.get("body")
