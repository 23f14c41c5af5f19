"""The limits in docs/manual.md are those of the code, of nginx and of the systemd units."""

import re
from math import prod

from harness.backend import ROOT
from test_setting_documents import explained

MANUAL = (ROOT / "docs/manual.md").read_text()
DAY = 86_400


def table(heading: str) -> list[list[str]]:
    """Returns the cells of the table in a section of the manual, without its head."""
    section = MANUAL.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = re.findall(r"(?m)^\| (.+) \|$", section)
    return [row.split(" | ") for row in rows[2:]]


def find(pattern: str, path: str) -> str:
    """Returns what the group matches in a file, in which the pattern occurs once."""
    (found,) = re.findall(pattern, (ROOT / path).read_text(), re.MULTILINE)
    return found


def constant(name: str, path: str) -> int:
    """Returns the value of a `static let` in Swift, which may be a product."""
    value = find(rf"static let {name}\b[^=\n]* = ([\d_ *]+)$", f"Sources/{path}.swift")
    return prod(int(factor.replace("_", "")) for factor in value.split(" * "))


def maximum(field: str, path: str) -> int:
    """Returns the maximum length of a text field."""
    return int(find(rf'TextRule\(field: "{field}", maximum: (\d+)\)', f"Sources/{path}.swift"))


def nginx(directive: str, path: str = "server/limits") -> str:
    return find(rf"^ *{directive} +([^;]+);", f"nginx/gatehouse/{path}.conf")


def unit(name: str, path: str = "gatehouse.service") -> str:
    return find(rf"^{name}=(.+)$", f"systemd/{path}")


def spelled(seconds: int) -> str:
    units = {"day": DAY, "hour": 3600, "minute": 60, "second": 1}
    name, length = next(
        (name, length) for name, length in units.items() if seconds % length == 0)
    return f"{seconds // length} {name}{'s' * (seconds > length)}"


def duration(text: str) -> str:
    """Spells a duration that is written as nginx and settings write it, such as `15m`."""
    number, letter = re.fullmatch(r"(\d+)([smhd])", text).groups()
    return spelled(int(number) * {"s": 1, "m": 60, "h": 3600, "d": DAY}[letter])


def rates() -> dict[str, str]:
    """Returns the rate and the burst of each zone of nginx's limit_req."""
    settings = [ROOT / f"nginx/gatehouse/settings/{name}.conf" for name in ("rates", "networks")]
    zones = re.findall(
        r"(?m)^limit_req_zone .* zone=gatehouse_(\w+):\w+ rate=(\d+)r/([sm]);",
        "".join(file.read_text() for file in settings))
    bursts = dict(re.findall(
        r"(?m)^ +limit_req zone=gatehouse_(\w+) +burst=(\d+) +nodelay;",
        (ROOT / "nginx/gatehouse/server/limits.conf").read_text()))
    assert bursts.keys() == {zone for zone, _, _ in zones}
    return {
        zone: f"{rate} a {'second' if letter == 's' else 'minute'}, burst {bursts[zone]}"
        for zone, rate, letter in zones}


def throttle() -> dict[str, list[tuple[int, int]]]:
    """Returns the free failures and the longest wait of each counter, the narrowest first."""
    source = (ROOT / "Sources/Identity/Credentials/ThrottleLimit.swift").read_text()
    declarations = re.findall(r"static let (\w+) = ((?:.|\n)*?)\n    ///", source)
    return {
        name: [(int(free), int(wait)) for free, wait in re.findall(
            r"\(free: (\d+), longestWait: (\d+)\)", declaration)]
        for name, declaration in declarations}


def guesses(free: int, longest: int) -> str:
    """Returns the numbers of guesses in the first 24 hours and in each 24 hours after that."""
    now, count = 0, 0
    while now < DAY:
        count += 1
        now += min(longest, 2 ** (count - free)) if count >= free else 0
    return f"{count:,}, {DAY // longest:,}"


def by_zone() -> dict[str, str]:
    """Returns the rates of each kind of request, of a client and of the networks around it."""
    zones = rates()
    by_kind = {
        kind: f"{zones.pop(kind)}; IPv6 /56: {zones.pop(f'{kind}_56')}; "
              f"/48: {zones.pop(f'{kind}_48')}"
        for kind in ("login", "signup", "refresh")}
    assert not zones, "a zone that the manual does not list"
    return by_kind


def limits(default: dict[str, str]) -> list[str]:
    """Returns the limits in the order of the manual."""
    zones, waits = by_zone(), throttle()
    free, wait = waits["accountAndNetwork"][0]
    purges, hash_limit = "Identity/Jobs/Job+Purges", "Cryptography/HashLimit"
    body = int(nginx("client_max_body_size").removesuffix("k"))
    assert body * 1024 == constant("limit", "API/Body/RequestBody")
    several, wide, wider = find(
        r"accountsOfClient: \[Int64\] = \[(.+)\]$", "Sources/API/ChangeRate.swift").split(", ")
    shortest, longest = find(
        r"let lengths = (\d+\.\.\.\d+)$", "Sources/Identity/Accounts/EmailRule.swift").split("...")
    passwords = "Sources/Identity/Credentials/NewPassword.swift"
    least, most = (find(
        rf"contract = NewPassword\(.*{name}: (\d+)", passwords) for name in ("minimum", "maximum"))
    strict = find(r"strict = NewPassword\(minimum: (\d+)", passwords)
    page = find(r"pageSizes = 1\.\.\.(\d+)$", "Sources/API/PeopleEndpoints.swift")
    assert page == find(r'"limit", in: 1\.\.\.(\d+)\)', "Sources/API/UserEndpoints.swift")
    pace = find(r"zone=gatehouse_pace:\w+ rate=(\d+)r/s;$", "nginx/gatehouse/settings/requests.conf")
    undelayed = find(
        r"^limit_req zone=gatehouse_pace burst=\d+ delay=(\d+);$", "nginx/gatehouse/fastcgi.conf")
    names = {maximum(field, "Directory/People") for field in ("firstName", "lastName")}
    return [
        zones["login"], zones["signup"], zones["refresh"],
        f"{pace} a second after the first {undelayed}",
        nginx("limit_conn gatehouse_requests"),
        f"{body} KiB",
        f"{constant('maximumParameters', 'API/Body/Form'):,}",
        duration(nginx("client_header_timeout")),
        duration(nginx("client_body_timeout")),
        duration(nginx("send_timeout")),
        duration(nginx("fastcgi_read_timeout", "fastcgi")),
        nginx("fastcgi_max_temp_file_size", "fastcgi").replace("m", " MB"),
        f"{int(nginx('keepalive_requests')):,}, or {duration(nginx('keepalive_time'))}",
        f"{int(unit('Backlog', 'gatehouse.socket')):,}",
        f"{free} failures, then 1 second, doubling up to {spelled(wait)}",
        f"{default['GATEHOUSE_HASHING_QUEUE']}",
        f"{spelled(int(default['GATEHOUSE_REFUSAL_DELAY']))}, for "
        f"{constant('maximum', 'API/RefusalDelay'):,} logins at once, "
        f"{constant('maximumOfNetwork', 'API/RefusalDelay')} of a network",
        f"{constant('seconds', hash_limit)} seconds, {default['GATEHOUSE_HASHING_MEMORY']} MiB",
        spelled(constant("lifetime", "Identity/Credentials/KnownDevice")),
        f"{constant('maximumKnownNetworks', 'Identity/Credentials/Throttle')}, each for "
        f"{spelled(constant('knownNetworkMemory', 'Identity/Credentials/Throttle'))}",
        f"{constant('maximumFailureCounters', purges):,}, each for "
        f"{spelled(constant('memory', 'Identity/Credentials/Throttle'))}",
        duration(default["JWT_EXPIRES_IN"]),
        duration(default["REFRESH_TOKEN_EXPIRES_IN"]),
        duration(default["GATEHOUSE_REFRESH_WINDOW"]),
        f"{int(default['GATEHOUSE_SESSIONS_PER_ACCOUNT']):,}",
        spelled(constant(
            "recentSignInLifetime", "Identity/Sessions/Sessions+RecentSignIn") // 1000),
        f"{constant('maximumCookiesOfOneName', 'API/RequestContext')}",
        find(r"\(1\.\.\.(\d+)\)\.contains\(key", "Sources/API/RequestContext+RefreshClient.swift")
        + " characters",
        f"{shortest} to {longest} characters",
        f"{least} to {most} characters; strict: {strict} or more",
        f"1 to {' or '.join(str(name) for name in sorted(names))} characters",
        f"{int(page):,}",
        f"{int(default['GATEHOUSE_PEOPLE_LIMIT']):,}",
        f"{default['GATEHOUSE_PEOPLE_RATE']} a minute; a client {several} times as many, "
        f"IPv6 /56 {wide} times, /48 {wider} times",
        f"{constant('perAccount', 'API/RefusalLimit')} an hour; of all accounts "
        f"{constant('total', 'API/RefusalLimit'):,}",
        f"{spelled(constant('eventRetention', purges))}, and "
        f"{constant('maximumEventsOfKind', purges):,} of each kind; "
        f"{constant('maximumEventsOfAccount', purges):,} of each kind of an account",
        f"{constant('maximumRefreshesOfSession', purges)} of a session, "
        f"{constant('maximumRefreshesOfAccount', purges):,} of an account",
        f"{unit('MemoryMax')} of the machine's",
        unit("TasksMax"),
    ]


def test_every_limit_is_as_in_the_code_and_in_the_configuration() -> None:
    rows = table("Limits")
    defaults = {name: default for name, (_, default) in explained().items()}
    assert [limit for _, limit, _, _ in rows] == limits(defaults)


def test_the_place_of_a_limit_exists() -> None:
    settings = explained().keys()
    files = {path.name for folder in ("nginx", "systemd") for path in (ROOT / folder).rglob("*")}
    for what, _, place, _ in table("Limits"):
        named = re.findall(r"`(.+?)`", place)
        assert place == "fixed" or named, what
        assert set(named) <= settings | files, what


def test_every_setting_that_limits_clients_is_in_the_table() -> None:
    numbers = {
        name for name, (form, _) in explained().items()
        if re.match(r"\d+ to \d+ ", form) or form.startswith("duration")}
    places = " ".join(place for _, _, place, _ in table("Limits"))
    # The numbers of threads and the work of a hash limit no client.
    ours = {"GATEHOUSE_WORKERS", "GATEHOUSE_HASHING_THREADS", "GATEHOUSE_PASSWORD_COST"}
    assert set(re.findall(r"`([A-Z_]+)`", places)) - {"GATEHOUSE_STRICT"} == numbers - ours


def test_a_refusal_by_nginx_has_the_status_and_the_pause_of_its_configuration() -> None:
    status = nginx("limit_req_status")
    assert status == nginx("limit_conn_status")
    pause = find(
        rf'"~\^{status} -\?\$" "(\d+)";', "nginx/gatehouse/http/headers.conf")
    beyond = [beyond for _, _, place, beyond in table("Limits") if "rates.conf" in place]
    assert beyond == [f"{status}, `Retry-After: {pause}`"] * 3


def test_the_table_of_guesses_is_as_in_the_code() -> None:
    waits = throttle()
    counters = [
        *waits["ownDevice"], *waits["accountAndNetwork"], *waits["account"], *waits["network"]]
    known = int(find(
        r"longestWaitInKnownNetwork: Int64 = (\d+)$",
        "Sources/Identity/Credentials/ThrottleState.swift"))
    rows = table("Guessed passwords")
    assert [row[1] for row in rows] == [str(free) for free, _ in counters]
    assert [row[2].split("; ")[0] for row in rows] == [spelled(wait) for _, wait in counters]
    assert rows[1][2].split("; ")[1].startswith(f"{spelled(known)} where")
    documented = [guesses(*counter) for counter in counters]
    documented[1] += f"; there {guesses(counters[1][0], known)}"
    assert [row[3] for row in rows] == documented
