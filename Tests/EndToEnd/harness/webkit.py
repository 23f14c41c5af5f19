"""WebKit as a person's own browser: WebKitGTK on a screen of its own, steered by WebDriver.

Each has a cookie jar of its own. It takes the site's one certificate for localhost and refuses
every other, as if a person had accepted it; it does not ask who has signed it, for WebKitGTK takes
authorities from the system only.
"""

import json
import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from selenium.webdriver import Remote
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.remote_connection import RemoteConnection
from selenium.webdriver.webkitgtk.options import Options

from .certificates import Authority
from .nginx import free_port
from .polling import until

PROGRAM = Path(__file__).with_name("minimal_browser.py")

# Runs before the page's own scripts, in every document.
_WATCH = """\
(() => {
    const tell = text => webkit.messageHandlers.complaint.postMessage(text);
    addEventListener('error', event => tell(`uncaught: ${event.message}`));
    addEventListener('unhandledrejection', event => tell(`unhandled: ${event.reason}`));
    addEventListener('securitypolicyviolation', event =>
        tell(`refused by the policy: ${event.violatedDirective} ${event.blockedURI}`));
    const { error } = console;
    console.error = (...words) => {
        tell(`console: ${words.join(' ')}`);
        error.apply(console, words);
    };
})();
"""


@dataclass
class WebKit:
    """A browser with its driver, and the file where its pages' complaints are."""

    driver: Remote
    told: Path

    def complaints(self) -> list[str]:
        """Errors that nobody caught or that went to the console, and what the policy refused.

        What WebKit writes to its console itself, such as a header that it cannot read, is not
        among them: no event tells of it, and in a driven WebKitGTK no log.
        """
        return [json.loads(line) for line in self.told.read_text().splitlines()]


@contextmanager
def webkit(directory: Path, authority: Authority) -> Iterator[WebKit]:
    """A browser that nobody has used before, on a screen of its own."""
    home = directory / "home"
    home.mkdir(parents=True)
    told = directory / "complaints.log"
    told.touch()
    environment = dict(os.environ) | {
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(home),
        "GDK_BACKEND": "x11",
        # No accessibility bus: names and roles come by the driver.
        "NO_AT_BRIDGE": "1",
        "GATEHOUSE_CERTIFICATE": str(authority.server_certificate),
        "GATEHOUSE_WATCH": _WATCH,
        "GATEHOUSE_COMPLAINTS": str(told),
    }
    with _screen(directory) as display, _driver(
            directory, environment | {"DISPLAY": display}) as address:
        options = Options()
        options.set_capability("browserName", "MinimalBrowser")
        options.binary_location = str(PROGRAM)
        connection = RemoteConnection(client_config=ClientConfig(remote_server_addr=address))
        driver = Remote(connection, options=options)
        driver.set_page_load_timeout(15)
        try:
            yield WebKit(driver, told)
        finally:
            driver.quit()


@contextmanager
def _screen(directory: Path) -> Iterator[str]:
    """The name of an X display that nobody sees."""
    reader, writer = os.pipe()
    process = _start(
        directory, ["Xvfb", "-displayfd", str(writer), "-nolisten", "tcp",
                    "-screen", "0", "1280x900x24"], pass_fds=[writer])
    os.close(writer)
    try:
        with open(reader) as number:
            said = number.readline().strip()
        assert said, f"Xvfb ended while starting: see {directory / 'Xvfb.log'}"
        yield f":{said}"
    finally:
        _end(process)


@contextmanager
def _driver(directory: Path, environment: dict[str, str]) -> Iterator[str]:
    port = free_port()
    process = _start(directory, ["WebKitWebDriver", f"--port={port}"], env=environment)
    try:
        until(lambda: _accepts(port), "WebKitWebDriver accepts connections")
        yield f"http://127.0.0.1:{port}"
    finally:
        _end(process)


def _accepts(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _start(directory: Path, command: list[str], **choices: Any) -> subprocess.Popen[bytes]:
    """Starts a program that ends with the tests, also where these are killed."""
    with (directory / f"{command[0]}.log").open("ab") as log:
        return subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", *command],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, **choices)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(10)
