"""WebKit as a user has it: WebKitGTK on a virtual screen, driven through WebDriver.

Each browser has its own cookies. It accepts only the site's own certificate for localhost, as if a
user had accepted it. The tests' certificate authority cannot be added, because WebKitGTK takes
authorities only from the system.
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
from .ports import free_port
from .polling import until

PROGRAM = Path(__file__).with_name("minimal_browser.py")

# JavaScript that runs before the page's own scripts in every document, and reports errors.
_REPORT_ERRORS = """\
(() => {
    const report = text => webkit.messageHandlers.pageError.postMessage(text);
    addEventListener('error', event => report(`uncaught: ${event.message}`));
    addEventListener('unhandledrejection', event => report(`unhandled: ${event.reason}`));
    addEventListener('securitypolicyviolation', event =>
        report(`refused by the policy: ${event.violatedDirective} ${event.blockedURI}`));
    const { error } = console;
    console.error = (...words) => {
        report(`console: ${words.join(' ')}`);
        error.apply(console, words);
    };
})();
"""


@dataclass
class WebKit:
    """A browser with its driver, and the file with the errors of its pages."""

    driver: Remote
    error_log: Path

    def errors(self) -> list[str]:
        """Returns uncaught errors, console errors and violations of the security policy.

        Messages that WebKit itself writes to its console, such as one about an invalid header, are
        not included: there is no event for them, and no log in a WebKitGTK under automation.
        """
        return [json.loads(line) for line in self.error_log.read_text().splitlines()]


@contextmanager
def webkit(directory: Path, authority: Authority) -> Iterator[WebKit]:
    """Starts a browser with an empty profile on its own virtual screen."""
    home = directory / "home"
    home.mkdir(parents=True)
    error_log = directory / "errors.log"
    error_log.touch()
    environment = dict(os.environ) | {
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(home),
        "GDK_BACKEND": "x11",
        # No accessibility bus: names and roles come through the driver.
        "NO_AT_BRIDGE": "1",
        "GATEHOUSE_CERTIFICATE": str(authority.server_certificate),
        "GATEHOUSE_REPORT_ERRORS": _REPORT_ERRORS,
        "GATEHOUSE_ERROR_LOG": str(error_log),
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
            yield WebKit(driver, error_log)
        finally:
            driver.quit()


@contextmanager
def _screen(directory: Path) -> Iterator[str]:
    """Starts a virtual screen and yields the name of its X display."""
    reader, writer = os.pipe()
    process = _start(
        directory, ["Xvfb", "-displayfd", str(writer), "-nolisten", "tcp",
                    "-screen", "0", "1280x900x24"], pass_fds=[writer])
    os.close(writer)
    try:
        with open(reader) as number:
            display = number.readline().strip()
        assert display, f"Xvfb ended while starting: see {directory / 'Xvfb.log'}"
        yield f":{display}"
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
    """Starts a program that ends with the tests, even if they are killed."""
    with (directory / f"{command[0]}.log").open("ab") as log:
        return subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", *command],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, **choices)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(10)
