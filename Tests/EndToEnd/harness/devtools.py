"""Chromium, driven through its debugging protocol only.

Playwright adds isolated worlds and listeners to each page, which take a fifth of the loading time
on a slow processor. Time measurements need a browser without them.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from websocket import WebSocket, create_connection

from .browser import executable
from .polling import until


class Tab:
    """A page that accepts the commands of https://chromedevtools.github.io/devtools-protocol/."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._number = 0

    def send(self, method: str, **parameters: object) -> dict:
        number = self._write(method, parameters)
        while (message := json.loads(self._socket.recv())).get("id") != number:
            pass
        assert "error" not in message, (method, message)
        return message["result"]

    def trace(self, categories: list[str]) -> None:
        self.send("Tracing.start", transferMode="ReportEvents",
                  traceConfig={"includedCategories": categories})

    def traced(self) -> list[dict]:
        """Ends the trace and returns its events."""
        self._write("Tracing.end", {})
        events: list[dict] = []
        while (message := json.loads(self._socket.recv())).get("method") != "Tracing.tracingComplete":
            if message.get("method") == "Tracing.dataCollected":
                events += message["params"]["value"]
        return events

    def _write(self, method: str, parameters: dict) -> int:
        self._number += 1
        command = {"id": self._number, "method": method, "params": parameters}
        self._socket.send(json.dumps(command))
        return self._number


@contextmanager
def tab(home: Path, profile: Path) -> Iterator[Tab]:
    """Starts a browser with one page and an empty profile.

    The home directory contains the database of certificate authorities that the browser trusts.
    """
    process = subprocess.Popen(
        [executable(), "--headless", "--no-sandbox", "--no-first-run", "--remote-debugging-port=0",
         f"--user-data-dir={profile}", "about:blank"],
        env=dict(os.environ) | {"HOME": str(home)}, stderr=subprocess.DEVNULL)
    try:
        port = until(lambda: _port(profile), "the browser writes its port", 30)
        pages = until(lambda: _pages(port), "the browser has a page", 30)
        socket = create_connection(
            pages[0]["webSocketDebuggerUrl"], timeout=30, suppress_origin=True)
        try:
            yield Tab(socket)
        finally:
            socket.close()
    finally:
        process.terminate()
        process.wait(timeout=30)


def _port(profile: Path) -> str:
    file = profile / "DevToolsActivePort"
    return file.read_text().partition("\n")[0] if file.exists() else ""


def _pages(port: str) -> list[dict]:
    with urlopen(f"http://127.0.0.1:{port}/json/list", timeout=10) as answer:
        return [target for target in json.load(answer) if target["type"] == "page"]
