"""nginx with the shipped configuration; only the files in settings/ are the tests' own."""

import os
import re
import shutil
import socket
import subprocess
from pathlib import Path

from .backend import ROOT
from .certificates import Authority
from .polling import until
from .ports import free_port

SHIPPED = Path(os.environ.get("GATEHOUSE_NGINX", ROOT / "nginx"))
WEB = Path(os.environ.get("GATEHOUSE_WEB", ROOT / "web"))
ORIGIN = "http://localhost:4200"

# Everything outside the site file: the content of Debian's nginx.conf, run as the calling user. The
# next lower log level, info, is not for production: it quotes an Authorization header sent twice.
_MAIN = """\
{user}
daemon off;
worker_processes 2;
pid {directory}/nginx.pid;
error_log {directory}/nginx-error.log notice;
events {{ worker_connections 1024; }}
http {{
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    client_body_temp_path {directory}/temp/body;
    fastcgi_temp_path {directory}/temp/fastcgi;
    proxy_temp_path {directory}/temp/proxy;
    uwsgi_temp_path {directory}/temp/uwsgi;
    scgi_temp_path {directory}/temp/scgi;
    include gatehouse.conf;
}}
"""

_LISTEN = """\
listen 127.0.0.1:{port} ssl http2;
server_name localhost;
ssl_certificate {certificate};
ssl_certificate_key {key};
root {web};
access_log {directory}/nginx-access.log gatehouse;
"""


class Nginx:
    """One nginx in front of a backend's socket.

    `lift_rates` raises the shipped rate limits and bursts, because the tests send more requests from one
    address than a person does.
    """

    def __init__(
        self,
        directory: Path,
        backend_socket: Path,
        authority: Authority,
        lift_rates: bool = True,
        origins: tuple[str, ...] = (ORIGIN,),
        web: Path = WEB,
    ):
        self.directory = directory
        self.port = free_port()
        self.configuration = directory / "nginx"
        self.process: subprocess.Popen[bytes] | None = None
        (directory / "temp").mkdir()
        self.configuration.mkdir()
        shutil.copy(SHIPPED / "gatehouse.conf", self.configuration)
        shutil.copytree(SHIPPED / "gatehouse", self.configuration / "gatehouse")
        user = "user root;" if os.geteuid() == 0 else ""
        main = self.configuration / "nginx.conf"
        main.write_text(_MAIN.format(user=user, directory=directory))

        settings = self.configuration / "gatehouse" / "settings"
        (settings / "redirect.conf").unlink()
        (settings / "socket.conf").write_text(f"server unix:{backend_socket};\n")
        (settings / "listen.conf").write_text(_LISTEN.format(
            port=self.port, directory=directory, web=web,
            certificate=authority.server_certificate, key=authority.server_key))
        lines = [f'"{origin}" "{origin}";\n' for origin in origins]
        first = origins[0] if origins else ""
        (settings / "origins.conf").write_text("".join([*lines, f'default "{first}";\n']))
        if lift_rates:
            for name in "requests.conf", "rates.conf", "networks.conf":
                rates = settings / name
                rates.write_text(re.sub(r"rate=\w+/\w", "rate=100000r/s", rates.read_text()))
            # However high the rate is, a busy nginx may count many requests at one millisecond.
            limits = self.configuration / "gatehouse" / "server" / "limits.conf"
            limits.write_text(re.sub(r"burst=\w+", "burst=10000", limits.read_text()))

    @property
    def arguments(self) -> list[str]:
        # The first error log is opened before the configuration is read.
        return ["nginx", "-p", str(self.configuration), "-c", "nginx.conf",
                "-e", str(self.directory / "nginx-error.log")]

    def check(self) -> str:
        """Returns the output of `nginx -t`; fails if the configuration is invalid."""
        result = subprocess.run([*self.arguments, "-t"], capture_output=True, text=True)
        assert result.returncode == 0, result.stderr
        return result.stderr

    def start(self) -> None:
        self.process = subprocess.Popen(self.arguments, stdin=subprocess.DEVNULL)
        until(self._accepts, "nginx accepts connections")

    def _accepts(self) -> bool:
        assert self.process and self.process.poll() is None, "nginx ended while starting"
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(10)
