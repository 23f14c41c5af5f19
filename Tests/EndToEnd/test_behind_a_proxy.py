"""The manual's examples of a proxy in front of nginx, as printed but for names and addresses."""

import os
import re
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from harness.backend import ROOT
from harness.client import Client
from harness.polling import until
from harness.ports import free_port
from harness.site import Site

MANUAL = (ROOT / "docs/manual.md").read_text()
(SECTION,) = re.findall(r"(?ms)^## Behind another proxy$(.*?)^## ", MANUAL)
BLOCKS = re.findall(r"(?ms)^```(\w+)$\n(.*?)^```$", SECTION)


def block(language: str, beginning: str) -> str:
    (found,) = [text for kind, text in BLOCKS if kind == language and text.startswith(beginning)]
    return found


BY_HEADER = block("nginx", "set_real_ip_from 192")
BY_PROTOCOL = block("nginx", "listen 8443")
PLAIN = block("nginx", "listen 127.0.0.1:8080")
HAPROXY = block("haproxy", "frontend https\n    mode http")
HAPROXY_TCP = block("haproxy", "frontend https\n    mode tcp")
APACHE = block("apache", "<VirtualHost")
CADDY = block("caddy", "https://")
NGINX = block("nginx", "server {")


def without_tls(example: str, *lines: str) -> str:
    """An example for a proxy on the same machine, as the manual says."""
    example = example.replace("https://192.0.2.20:443", "http://127.0.0.1:8080")
    return "".join(
        line for line in example.splitlines(keepends=True)
        if not any(text in line for text in lines))


@dataclass
class Case:
    """A proxy's program, its example, and the content of settings/proxy.conf."""

    program: str
    example: str
    settings: str


CASES = {
    "haproxy": Case("haproxy", HAPROXY, BY_HEADER),
    "apache": Case("apache2", APACHE, BY_HEADER),
    "caddy": Case("caddy", CADDY, BY_HEADER),
    "nginx": Case("nginx", NGINX, BY_HEADER),
    "haproxy, PROXY protocol": Case("haproxy", HAPROXY_TCP, BY_PROTOCOL),
    "apache without TLS": Case("apache2", without_tls(APACHE, "SSLProxy"), PLAIN),
    "caddy without TLS": Case(
        "caddy", re.sub(r" \{\s*transport http \{.*?\}\s*\}", "", without_tls(CADDY), flags=re.S),
        PLAIN),
    "nginx without TLS": Case("nginx", without_tls(NGINX, "proxy_ssl"), PLAIN),
    "nginx to a unix socket": Case(
        "nginx",
        without_tls(NGINX, "proxy_ssl").replace("http://127.0.0.1:8080", "http://unix:SOCKET"),
        "listen unix:SOCKET;\nset_real_ip_from unix:;\nreal_ip_header X-Forwarded-For;\n"),
}

FRAMES = {
    "haproxy": """\
defaults
    timeout connect 5s
    timeout client 20s
    timeout server 20s
{example}""",
    "apache2": """\
ServerRoot {folder}
PidFile {folder}/pid
DefaultRuntimeDir {folder}
Mutex file:{folder}
ErrorLog {folder}/error.log
User www-data
Group www-data
ServerName localhost
Listen 127.0.0.1:{port}
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule ssl_module /usr/lib/apache2/modules/mod_ssl.so
LoadModule proxy_module /usr/lib/apache2/modules/mod_proxy.so
LoadModule proxy_http_module /usr/lib/apache2/modules/mod_proxy_http.so
{example}""",
    "caddy": """\
{{
    admin off
    auto_https disable_redirects
    skip_install_trust
}}
{example}""",
    "nginx": """\
{user}
daemon off;
pid {folder}/pid;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {example}
}}""",
}

COMMANDS = {
    "haproxy": ["haproxy", "-db", "-f"],
    "apache2": ["apache2", "-D", "FOREGROUND", "-f"],
    "caddy": ["caddy", "run", "--adapter", "caddyfile", "--config"],
    "nginx": ["nginx", "-e", "stderr", "-c"],
}


def accepts(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def running(case: Case, site: Site, ports: dict[str, int]) -> Iterator[int]:
    """Starts the proxy in front of the site and yields its port."""
    folder = site.directory / "proxy"
    folder.mkdir()
    authority, port = site.authority, free_port()
    pair = folder / "pair.pem"
    pair.write_text(
        authority.server_certificate.read_text() + authority.server_key.read_text())
    example = case.example
    for printed, real in (
        ("192.0.2.10:443", f"127.0.0.1:{port}"),
        ("www.example.com:443", f"localhost:{port}"),
        ("192.0.2.20:443", f"127.0.0.1:{site.nginx.port}"),
        ("192.0.2.20:8443", f"127.0.0.1:{ports['8443']}"),
        ("127.0.0.1:8080", f"127.0.0.1:{ports['8080']}"),
        ("SOCKET", f"{site.directory}/web.sock"),
        ("/etc/ssl/certs/ca-certificates.crt", str(authority.certificate)),
        ("/etc/ssl/private/www.example.com.pem", str(pair)),
        ("/etc/ssl/certs/www.example.com.pem", str(authority.server_certificate)),
        ("/etc/ssl/private/www.example.com.key", str(authority.server_key)),
        ("www.example.com", "localhost"),
    ):
        example = example.replace(printed, real)
    configuration = folder / "configuration"
    configuration.write_text(FRAMES[case.program].format(
        example=example, folder=folder, port=port,
        user="user root;" if os.geteuid() == 0 else ""))
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(
            [*COMMANDS[case.program], configuration], stdin=subprocess.DEVNULL, stdout=output,
            stderr=output, cwd=folder,
            env=os.environ | {
                "PATH": os.environ["PATH"] + ":/usr/sbin", "HOME": str(folder),
                "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)})
    try:
        def is_ready() -> bool:
            assert process.poll() is None, (folder / "output").read_text()
            return accepts(port)
        until(is_ready, f"{case.program} accepts connections", 20)
        yield port
    finally:
        process.terminate()
        process.wait(20)


@pytest.mark.parametrize("name", CASES)
def test_the_example_works_and_no_client_chooses_its_address(
    name: str, site_for: Callable[..., Site]
) -> None:
    case = CASES[name]
    if shutil.which(case.program, path=os.environ["PATH"] + ":/usr/sbin") is None:
        pytest.skip(f"{case.program} is not installed")
    site = site_for(re.sub(r"\W+", "-", f"behind-{name}"))
    ports = {"8443": free_port(), "8080": free_port()}
    settings = case.settings.replace("192.0.2.10", "127.0.0.1")
    settings = settings.replace("listen 8443", f"listen 127.0.0.1:{ports['8443']}")
    settings = settings.replace("127.0.0.1:8080", f"127.0.0.1:{ports['8080']}")
    settings = settings.replace("SOCKET", f"{site.directory}/web.sock")
    (site.nginx.configuration / "gatehouse/settings/proxy.conf").write_text(settings)
    with site, running(case, site, ports) as port:
        client = Client(port, site.authority.certificate, address="127.0.0.9")
        ours = [("Origin", f"https://localhost:{port}")]

        answer = client.send_json(
            "POST", "/api/auth/login",
            {"username": "john@example.com", "password": "John@123"}, ours)
        assert answer.status == 200, answer.body
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in answer.cookies.values())
        # A browser that sends no Sec-Fetch-Site is judged by the origin and the host.
        for origin, status in (ours, 200), ([("Origin", "https://evil.example")], 403):
            refreshed = client.request(
                "POST", "/api/auth/refresh", [("Cookie", cookies), *origin], b"")
            assert refreshed.status == status, refreshed.body
        assert "/api/a%2Fb does" in client.request("GET", "/api/a%2Fb").json["errors"][0]

        forged = "203.0.113.1"
        client.request("GET", "/health", [
            ("X-Forwarded-For", forged), ("X-Forwarded-For", f"{forged}, {forged}"),
            ("X-Real-IP", forged), ("Forwarded", f"for={forged}"), ("X-Client-IP", forged),
            ("True-Client-IP", forged)])
        log = site.directory / "nginx-access.log"
        lines = until(lambda: re.findall(r"^(\S+) .*GET /health", log.read_text(), re.M)[1:], "log")
        assert set(lines) == {"127.0.0.9"}
        # What Gatehouse itself counts and records.
        addresses = site.database.execute("SELECT DISTINCT address FROM sessions")
        assert [tuple(row) for row in addresses] == [("127.0.0.9",)]
