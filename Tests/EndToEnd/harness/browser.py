"""Chromium as a person's own: it trusts the tests' authority and shows what it complains of."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, sync_playwright

from .certificates import Authority


def executable() -> str | None:
    """The browser under test: GATEHOUSE_CHROMIUM, else the system's."""
    return os.environ.get("GATEHOUSE_CHROMIUM") or shutil.which("chromium")


@contextmanager
def browser(directory: Path, authority: Authority) -> Iterator[BrowserContext]:
    """A browser with an empty profile in a home directory of its own."""
    trust = directory / "home" / ".pki" / "nssdb"
    trust.mkdir(parents=True)
    database = f"sql:{trust}"
    for arguments in (
        ["-N", "--empty-password"],
        # C: trusted to sign servers' certificates (certutil(1)).
        ["-A", "-n", "tests", "-t", "C,,", "-i", str(authority.certificate)],
    ):
        subprocess.run(
            ["certutil", "-d", database, *arguments], check=True, capture_output=True)
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            directory / "profile",
            executable_path=executable(),
            # Its own sandbox needs what root and containers do not have; it sees only our page.
            args=["--no-sandbox"],
            env=dict(os.environ) | {"HOME": str(directory / "home")},
        )
        context.set_default_timeout(15_000)
        yield context
        context.close()


# Chromium says so on the console itself, but where a policy is only tried out in other words.
_TELL_WHAT_IS_REFUSED = """\
addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
    console.error(`refused by the policy: ${violatedDirective} ${blockedURI}`));"""


def complaints(page: Page) -> list[str]:
    """Collects, from the next document on, uncaught errors, console errors and what the policy
    refused.

    What the browser says of a refused request is no complaint: a 401 is an answer.
    """
    found: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            found.append(message.text)

    page.add_init_script(_TELL_WHAT_IS_REFUSED)
    page.on("console", note)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found
