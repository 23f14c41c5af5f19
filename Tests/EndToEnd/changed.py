"""Where an answer differs from the recorded one, and the numbered line that says so.

The numbers are those of the contract's list *Changed on purpose*:

1 refused means nothing changed                  11 same work for unknown e-mail addresses
2 each kind of token refused in the other's place  12 no start without a secret of 32 bytes
3 every refresh token is new                     13 one spelling: Person not found
4 sessions are per login                         14 no start with a lifetime that does not parse
5 reuse of a refresh token ends its session      15 no-store; e-mail addresses are unique
6 commit first, then answer                      16 a token lives as long as its session
7 bad bodies: JSON answers; missing is empty     17 Bearer: any case, exactly one token
8 passwords that the hash cannot hold whole      18 case-sensitive paths, plain decimal ids
9 unparsable ids: 404; PUT keeps the other name  19 cookies and durations are consistent
10 wrong method: 405 with Allow                   22 e-mail domains are checked by libidn2
24 an expired token in its cookie: 401

The table's first pattern that matches the whole name of a case wins; a case without one is
answered as recorded.
"""

import re
from dataclasses import dataclass, field
from typing import Any

ANY = object()
"""In place of `errors`: some, in whatever words."""


@dataclass(frozen=True)
class Change:
    """What is answered instead of what was recorded; what is None stays as recorded."""

    number: int
    reason: str
    status: int | None = None
    body: Any = None
    # The methods that Allow must name; HEAD and OPTIONS may be beside them.
    allow: frozenset[str] = frozenset()
    # Statuses of the set-up's requests, in order, where they differ from the recorded ones.
    setup: tuple[int, ...] = ()
    # The status of the other of two simultaneous requests.
    other: int | None = None
    ends_session: bool = False
    cookies: list[dict] | None = field(default=None, hash=False)


def problem(status: int, message: str, *errors: Any) -> dict:
    """A body in the contract's shape."""
    body: dict[str, Any] = {"statusCode": status, "message": message}
    return body | ({"errors": ANY if errors == (ANY,) else list(errors)} if errors else {})


def invalid(*errors: Any) -> dict:
    return problem(400, "Validation failed", *errors)


NO_PERSON = problem(404, "Person not found")
NO_TOKEN = problem(403, "Invalid or expired token")
NO_LOGIN = problem(401, "Invalid username or password")
NOT_ALLOWED = problem(405, "Method not allowed")
# nginx's own, for a request that it refuses before any backend sees it.
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
    # Bodies: an ignored or missing one is an empty object
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
    # nginx knows no NUL in a path and answers itself: a 404 as the line says, in the words that
    # were recorded for /%00.
    ("people: get id %00", Change(9, "no id, says nginx", 404, _no_route("/api/people/%00"))),
    (r"people: get id (\+1|%201)", Change(18, "no plain decimal id", 404, NO_PERSON)),
    (r"people: get (id .*|unknown)", Change(13, "one spelling", body=NO_PERSON)),
    ("people: update no body, unknown id", Change(13, "one spelling", body=NO_PERSON)),
    ("people: (update|delete) (id abc|huge id).*", Change(9, "no id", 404, NO_PERSON)),
    ("people: update (only firstName|missing (first|last)Name)",
     Change(9, "keeps the other name", 204, "")),
    ("people: delete as admin demoted after login",
     Change(16, "asks the store", 403, problem(403, "Insufficient permissions"))),
    ("people: delete with token role .*", Change(16, "names no session", 403, NO_TOKEN)),
]

# What nginx refuses for its escapes was a 400 in HTML, and is one in JSON.
_BAD_ESCAPES = Change(7, "the JSON shape", 400, BAD_REQUEST)


def change(case: dict) -> Change | None:
    """The line that changes the case, if one does."""
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
