"""Chromium set up as for a user: it trusts the tests' certificate authority, and reports errors."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, sync_playwright

from .certificates import Authority


def executable() -> str | None:
    """Returns the browser under test: GATEHOUSE_CHROMIUM, or else the system's Chromium."""
    return os.environ.get("GATEHOUSE_CHROMIUM") or shutil.which("chromium")


@contextmanager
def browser(directory: Path, authority: Authority) -> Iterator[BrowserContext]:
    """Starts a browser with an empty profile and its own home directory."""
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
            # Chromium's sandbox does not work for root or in a container; it opens only our page.
            args=["--no-sandbox"],
            env=dict(os.environ) | {"HOME": str(directory / "home")},
        )
        context.set_default_timeout(15_000)
        yield context
        context.close()


# Chromium itself reports violations on the console, but with a different text for a report-only
# policy.
_REPORT_VIOLATIONS = """\
addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
    console.error(`refused by the policy: ${violatedDirective} ${blockedURI}`));"""


def page_errors(page: Page) -> list[str]:
    """Returns a list that collects errors from the next document on: uncaught errors, console
    errors, and violations of the content security policy.

    Failed requests, which the browser also reports on the console, do not count: a 401 is a
    response like any other.
    """
    found: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            found.append(message.text)

    page.add_init_script(_REPORT_VIOLATIONS)
    page.on("console", note)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found
