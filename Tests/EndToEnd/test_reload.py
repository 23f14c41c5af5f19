"""SIGHUP reloads the settings without losing a request."""

import os
import re
import shutil
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness import log_leaks, scale
from harness.backend import Backend, binary
from harness.load import Crowd
from harness.polling import until
from harness.ports import free_port
from harness.site import Site

LASTING = {"JWT_EXPIRES_IN": "1h", "REFRESH_TOKEN_EXPIRES_IN": "1d"}
SECRET = "the secret of a site that is reloaded"
RELOADS = scale.amount("RELOADS", 20, 100)


@pytest.fixture
def filed(site_for, request: pytest.FixtureRequest) -> Iterator[Site]:
    """A site with a settings file, whose listening socket is opened by another process, as by
    systemd, or by the server itself."""
    holds_socket = getattr(request, "param", True)
    # The harness's own secret is a public example, which is refused outside of development.
    settings = LASTING | {"JWT_SECRET": SECRET}
    log_leaks.register(SECRET)
    site: Site = site_for(re.sub(r"\W", "", request.node.name)[-25:], settings, hold_socket=holds_socket)
    del site.backend.environment["NODE_ENV"]
    site.backend.environment["GATEHOUSE_SETTINGS"] = str(file(site))
    file(site).write_text("GATEHOUSE_ENVIRONMENT=first\n")
    with site:
        yield site


def file(site: Site) -> Path:
    return site.directory / "settings"


def environment(site: Site) -> str:
    answer = site.client().request("GET", "/health")
    assert answer.status == 200
    return answer.json["environment"]


def reload(site: Site, name: str) -> None:
    file(site).write_text(f"# The name.\nGATEHOUSE_ENVIRONMENT={name}\n")
    site.backend.process.send_signal(signal.SIGHUP)
    until(lambda: environment(site) == name, f"the environment is {name}")


def descriptors(site: Site) -> int:
    return len(os.listdir(f"/proc/{site.backend.process.pid}/fd"))


@pytest.mark.parametrize("filed", [True, False], ids=["passed", "own"], indirect=True)
def test_no_request_fails_during_reloads_under_load(filed: Site) -> None:
    assert environment(filed) == "first"
    reload(filed, "second")
    before = descriptors(filed)
    with Crowd(filed, scale.seed()) as crowd:
        for number in range(RELOADS):
            crowd.work(20)
            reload(filed, f"turn-{number}")
        crowd.work(20)

    assert crowd.failures == []
    # It is still the same process, and it has closed the descriptors that it opened. A leak would
    # leave one or more for each reload. Connections of nginx and of the database come and go.
    assert filed.backend.is_running
    until(lambda: descriptors(filed) - before < RELOADS, "the descriptors are closed")
    assert Path(f"/proc/{filed.backend.process.pid}/comm").read_text() == "gatehouse\n"


def test_bad_settings_are_refused_and_those_before_stay(filed: Site) -> None:
    for content, said in (
            ("GATEHOUSE_ENVIRONMENT=second\nGATEHOUSE_HASHING_QUEUE=many\n",
             "GATEHOUSE_HASHING_QUEUE: "),
            ("GATEHOUSE_ENVIRONMENT=second\nGATEHOUSE_WORKRS=2\n", "did you mean GATEHOUSE_WORKERS?"),
            ("GATEHOUSE_ENVIRONMENT\n", "line 1 is not NAME=value")):
        file(filed).write_text(content)
        filed.backend.process.send_signal(signal.SIGHUP)
        until(lambda: said in filed.backend.log(), f"the log says {said}")
        assert "reload rejected, keeping the previous settings" in filed.backend.log()
        check = filed.backend.command("check", "--quiet")
        assert check.returncode == 1 and said in check.stderr and check.stdout == ""
        assert environment(filed) == "first"

    reload(filed, "second")


def test_a_reload_without_the_program_is_rejected(
        filed: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original, program = binary(), tmp_path / "gatehouse"
    shutil.copy(original, program)
    filed.backend.stop()
    monkeypatch.setenv("GATEHOUSE_BINARY", str(program))
    filed.backend.start()
    assert environment(filed) == "first"

    program.unlink()
    for is_folder in (False, True):
        if is_folder:
            program.mkdir()
        count = filed.backend.log().count("reload rejected")
        filed.backend.process.send_signal(signal.SIGHUP)
        until(lambda: filed.backend.log().count("reload rejected") > count, "the log says so")
        assert f"the program {program} is missing" in filed.backend.log()
        assert environment(filed) == "first"

    program.rmdir()
    shutil.copy(original, program)
    reload(filed, "second")


def test_an_environment_variable_overrides_the_file(filed: Site) -> None:
    filed.backend.stop()
    filed.backend.environment["GATEHOUSE_ENVIRONMENT"] = "mine"
    filed.backend.start()
    assert environment(filed) == "mine"

    shown = filed.backend.command("check").stdout
    assert "GATEHOUSE_SETTINGS" in shown and str(file(filed)) in shown


@pytest.mark.parametrize("kind", ["unix", "tcp"])
def test_a_changed_address_takes_the_place_of_the_former_one(kind: str, tmp_path: Path) -> None:
    first, second = [
        str(tmp_path / name) if kind == "unix" else f"127.0.0.1:{free_port()}"
        for name in ("first", "second")]
    backend = Backend(tmp_path)
    backend.environment |= {"GATEHOUSE_SETTINGS": str(tmp_path / "settings")}
    del backend.environment["GATEHOUSE_LISTEN"]

    def listen(address: str) -> None:
        (tmp_path / "settings").write_text(f"GATEHOUSE_LISTEN={kind}:{address}\n")

    listen(first)
    backend.launch()
    try:
        until(lambda: answers(first), "the server listens")
        for address, former in (second, first), (first, second):
            listen(address)
            backend.process.send_signal(signal.SIGHUP)
            until(lambda: answers(address), "the server listens on the other address")
            until(lambda: not answers(former), "nobody listens on the former address")
    finally:
        assert backend.stop() == 0


def answers(address: str) -> bool:
    """Whether a server accepts connections at a path or a port."""
    family = socket.AF_UNIX if address.startswith("/") else socket.AF_INET
    host, _, port = address.partition(":")
    with socket.socket(family) as probe:
        return probe.connect_ex(address if family == socket.AF_UNIX else (host, int(port))) == 0
