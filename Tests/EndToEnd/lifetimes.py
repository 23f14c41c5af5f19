"""The recorded lifetime settings: which of them prevent a start, and the cookies of the others."""

import re

from changed import Change

_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
_LONGEST = 3650 * 86400
_DEFAULTS = {"JWT_EXPIRES_IN": "15m", "REFRESH_TOKEN_EXPIRES_IN": "7d"}


def lifetime(settings: dict[str, str], name: str) -> int | None:
    """The seconds that a setting means, or None; an empty one means the default, as recorded."""
    return seconds(settings.get(name) or _DEFAULTS[name])


def seconds(text: str) -> int | None:
    """The duration according to line 19 of *Changed on purpose*, or None if it is invalid."""
    match = re.fullmatch(r" *([0-9]+)([smhd]?) *", text, re.ASCII)
    if not match:
        return None
    value = int(match[1]) * _SECONDS[match[2]]
    return value if 0 < value <= _LONGEST else None


def refused(settings: dict[str, str]) -> tuple[int, str] | None:
    """The number of the line that forbids the start, and the setting that the error must name."""
    if len(settings.get("JWT_SECRET", "x" * 32)) < 32:
        return 12, "JWT_SECRET"
    for name in _DEFAULTS:
        if lifetime(settings, name) is None:
            return 14, name
    return None


def change(case: dict, settings: dict[str, str]) -> Change | None:
    """The change in a case whose lifetimes the Express backend misread, or None."""
    if not case["profile"].startswith(("JWT_EXPIRES_IN", "REFRESH_TOKEN_EXPIRES_IN")):
        return None
    access = lifetime(settings, "JWT_EXPIRES_IN")
    refresh = lifetime(settings, "REFRESH_TOKEN_EXPIRES_IN")
    recorded = case["response"]
    if case["area"] == "token":
        body = {"username": "john@example.com", "role": "user"}
        return None if recorded["status"] == 200 else Change(19, "they agree", 200, body)
    cookies = [
        _cookie("accessToken", "/", access, {"role": "user"}),
        _cookie("refreshToken", "/api/auth/refresh", refresh, {}),
    ]
    if [_lifetimes(cookie) for cookie in recorded.get("set_cookie", [])] == [
            _lifetimes(cookie) for cookie in cookies]:
        return None
    if case["area"] == "refresh" and recorded["status"] == 200:
        return None
    body = {"accessToken": "<JWT>", "refreshToken": "<JWT>"}
    return Change(19, "the JWT and its cookie agree", 200, body, cookies=cookies)


def _lifetimes(cookie: dict) -> tuple[str, str]:
    return cookie["Max-Age"], cookie["jwt"]["payload"]["exp"]


def _cookie(name: str, path: str, lifetime: int | None, claims: dict) -> dict:
    return {
        "name": name, "value": "<JWT>", "Max-Age": str(lifetime), "Path": path,
        "Expires": "<now+Max-Age>", "HttpOnly": True, "Secure": True, "SameSite": "Strict",
        "jwt": {"payload": claims | {
            "username": "john@example.com", "iat": "<iat: now>", "exp": f"<iat+{lifetime}>"}},
    }
