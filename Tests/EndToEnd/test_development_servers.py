"""The guide's configurations of development servers sign a user in, in both engines.

Vite and Angular are not packaged by Debian, so development_server.mjs stands in for both. It reads
their configurations as their documentation describes them.
"""

import json
import re
import shlex
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from devices import JOHN
from harness.engines import ENGINES, Tab
from harness.nginx import WEB
from harness.polling import until
from harness.ports import free_port
from harness.site import Site

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs/single-page-apps.md").read_text()


def block(language: str, start: str) -> str:
    """Returns the guide's block of code that begins with the given text."""
    (code,) = re.findall(rf"```{language}\n({re.escape(start)}.*?)```", GUIDE, re.DOTALL)
    return code


def local(text: str, site: Site, folder: Path) -> str:
    """Replaces the example's folder of `make run`, and its port, by those of the test."""
    assert ("../gatehouse/.run" in text) or ("https://localhost:8443" in text), text
    text = text.replace("../gatehouse/.run", str(folder))
    return text.replace("https://localhost:8443", f"https://localhost:{site.nginx.port}")


def vite(site: Site, folder: Path) -> str:
    return local(block("js", "// Vite: vite.config.js"), site, folder)


def angular(site: Site, folder: Path) -> str:
    """Returns the configuration of Vite that has the meaning of the example's command."""
    proxy = local(block("js", "// Angular: proxy.conf.js"), site, folder)
    (folder / "proxy.conf.cjs").write_text(proxy)
    command = local(block("sh", "ng serve"), site, folder).replace("\\\n", " ")
    words = shlex.split(command)
    assert words[:2] == ["ng", "serve"] and "--ssl" in words
    options = {name: words[words.index(name) + 1]
               for name in ("--proxy-config", "--ssl-cert", "--ssl-key")}
    assert options["--proxy-config"] == "proxy.conf.js"
    return f"""
        import {{ readFileSync }} from 'node:fs';
        import proxy from './proxy.conf.cjs';
        const [cert, key] = {json.dumps([options["--ssl-cert"], options["--ssl-key"]])}
            .map((path) => readFileSync(path));
        export default {{ server: {{ https: {{ cert, key }}, proxy }} }};"""


@contextmanager
def served(site: Site, folder: Path, configuration: str) -> Iterator[str]:
    """Starts a development server and yields its port."""
    tls = folder / "tls"
    tls.mkdir()
    shutil.copy(site.authority.server_certificate, tls / "certificate.pem")
    shutil.copy(site.authority.server_key, tls / "key.pem")
    module = folder / "vite.config.mjs"
    module.write_text(configuration)
    port = free_port()
    process = subprocess.Popen(
        ["node", Path(__file__).with_name("development_server.mjs"), WEB, str(port), module])
    try:
        until(lambda: accepts(process, port), "the development server listens")
        yield str(port)
    finally:
        process.terminate()
        process.wait(10)


def accepts(process: subprocess.Popen[bytes], port: int) -> bool:
    assert process.poll() is None, "the development server ended while starting"
    with socket.socket(socket.AF_INET6) as probe:
        if probe.connect_ex(("::1", port)) == 0:
            return True
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def log_in(tab: Tab) -> None:
    tab.go("/")
    tab.find("heading", "Log in")
    tab.fill("Email", JOHN[0])
    tab.fill("Password", JOHN[1])
    tab.press("Log in")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("configuration", [vite, angular])
def test_a_user_logs_in_through_a_development_server(
    engine: str, configuration, fresh: Site, tmp_path: Path
) -> None:
    with served(fresh, tmp_path, configuration(fresh, tmp_path)) as port, ENGINES[engine](
            tmp_path / "browser", fresh.authority) as open_tab:
        tab = open_tab(f"https://localhost:{port}")
        log_in(tab)
        tab.find("heading", "People")
        tab.go("/account")
        tab.read(JOHN[0])


@pytest.mark.parametrize("engine, is_signed_in", [("chromium", True), ("webkit", False)])
def test_without_https_a_page_on_localhost_depends_on_the_engine(
    engine: str, is_signed_in: bool, fresh: Site, tmp_path: Path
) -> None:
    """The guide says so, and the page says what is wrong where nobody can log in."""
    proxy = local(block("js", "// Angular: proxy.conf.js"), fresh, tmp_path)
    proxy = proxy.replace("module.exports =", "const proxy =")
    plain = f"{proxy}\nexport default {{ server: {{ proxy }} }};"
    with served(fresh, tmp_path, plain) as port, ENGINES[engine](
            tmp_path / "browser", fresh.authority) as open_tab:
        tab = open_tab(f"http://localhost:{port}")
        log_in(tab)
        if is_signed_in:
            tab.find("heading", "People")
        else:
            tab.read("the browser did not keep the cookies of this site")
