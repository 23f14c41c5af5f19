"""One HTTP/2 connection carries more requests than nginx allows by default.

When nginx ends a connection, several HTTP clients lose the requests in progress, although the
server has carried them out. If one was a refresh, the client loses its session.
"""

import asyncio
import shutil
import ssl
import subprocess
from pathlib import Path

import httpx
import pytest

from harness.browser import browser, executable
from harness.scale import amount
from harness.site import Site

REQUESTS = amount("CONNECTION", 1050, 3000)
AT_ONCE = pytest.mark.parametrize("at_once", [1, 40])


def test_the_1000th_request_does_not_end_an_http2_connection(site: Site) -> None:
    # curl opens another connection, and counts it.
    done = subprocess.run(
        ["curl", "--silent", "--http2", "--cacert", site.authority.certificate,
         "--output", "/dev/null", "--write-out", "%{http_version} %{http_code} %{num_connects}\n",
         f"https://localhost:{site.nginx.port}/health?[1-2500]"],
        capture_output=True, text=True, check=True)

    lines = done.stdout.splitlines()
    assert len(lines) == 2500
    assert lines[0] == "2 200 1"
    assert set(lines[1:]) == {"2 200 0"}


@AT_ONCE
def test_httpx_loses_no_response(at_once: int, site: Site) -> None:
    async def send_all() -> list[str]:
        # One connection, as with the default of a program that talks to one server.
        context = ssl.create_default_context(cafile=str(site.authority.certificate))
        failures = []
        free = asyncio.Semaphore(at_once)
        async with httpx.AsyncClient(
                http2=True, verify=context, timeout=60, trust_env=False,
                limits=httpx.Limits(max_connections=1),
                base_url=f"https://localhost:{site.nginx.port}") as client:

            async def send() -> None:
                async with free:
                    try:
                        answer = await client.get("/health")
                        if (answer.status_code, answer.http_version) != (200, "HTTP/2"):
                            failures.append(f"{answer.status_code} {answer.http_version}")
                    except httpx.HTTPError as error:
                        failures.append(repr(error))

            await asyncio.gather(*(send() for _ in range(REQUESTS)))
        return failures

    assert asyncio.run(send_all()) == []


@pytest.mark.skipif(shutil.which("java") is None, reason="Java is not installed")
@AT_ONCE
def test_java_loses_no_response(at_once: int, site: Site) -> None:
    done = subprocess.run(
        ["java", Path(__file__).with_name("LongConnection.java"),
         f"https://localhost:{site.nginx.port}/health", site.authority.certificate,
         str(REQUESTS), str(at_once)],
        capture_output=True, text=True, timeout=300)

    assert done.stdout.strip() == str(REQUESTS), done.stderr


@pytest.mark.skipif(executable() is None, reason="Chromium is not installed")
@AT_ONCE
def test_chromium_loses_no_response(at_once: int, site: Site, tmp_path: Path) -> None:
    with browser(tmp_path, site.authority) as context:
        page = context.new_page()
        page.goto(f"https://localhost:{site.nginx.port}/login")
        failures = page.evaluate(
            """async ([count, atOnce]) => {
                const failures = [];
                let sent = 0;
                const sender = async () => {
                    while (sent < count) {
                        sent += 1;
                        try {
                            const response = await fetch('/health', { cache: 'no-store' });
                            await response.text();
                            if (response.status !== 200) failures.push(response.status);
                        } catch (error) {
                            failures.push(String(error));
                        }
                    }
                };
                await Promise.all(Array.from({ length: atOnce }, sender));
                const { nextHopProtocol } = performance.getEntriesByType('navigation')[0];
                if (nextHopProtocol !== 'h2') failures.push(nextHopProtocol);
                return failures;
            }""", [REQUESTS, at_once])

    assert failures == []
