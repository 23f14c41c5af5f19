"""A throwaway certificate authority and the certificate it signs for localhost."""

import subprocess
from pathlib import Path

_SERVER_EXTENSIONS = """\
subjectAltName = DNS:localhost, IP:127.0.0.1, IP:::1
extendedKeyUsage = serverAuth
basicConstraints = CA:FALSE
"""


class Authority:
    """Creates its own key and certificate, and those of a server, in a directory."""

    def __init__(self, directory: Path):
        directory.mkdir(parents=True)
        self.directory = directory
        self.certificate = directory / "ca.pem"
        self.server_certificate = directory / "server.pem"
        self.server_key = directory / "server.key"
        (directory / "extensions").write_text(_SERVER_EXTENSIONS)
        new_key = "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -batch"
        self._openssl(
            f"{new_key} -x509 -days 2 -subj /CN=tests -keyout ca.key -out ca.pem"
            " -addext keyUsage=critical,keyCertSign")
        self._openssl(f"{new_key} -subj /CN=localhost -keyout server.key -out server.csr")
        self._openssl(
            "x509 -req -days 2 -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial"
            " -extfile extensions -out server.pem")

    def _openssl(self, arguments: str) -> None:
        subprocess.run(
            ["openssl", *arguments.split()], cwd=self.directory, check=True, capture_output=True)

    def sign(self, name: str, host: str, days: int, clock: tuple[str, ...] = ()) -> Path:
        """Signs a certificate for the server's key with the given host name and lifetime in days.

        `clock` is a command prefix that runs openssl with a changed clock, such as faketime(1).
        """
        path = self.directory / f"{name}.pem"
        extensions = self.directory / f"{name}.extensions"
        extensions.write_text(_SERVER_EXTENSIONS.replace("localhost", host))
        subprocess.run(
            [*clock, "openssl", "x509", "-req", "-days", str(days), "-in", "server.csr",
             "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
             "-extfile", extensions.name, "-out", path.name],
            cwd=self.directory, check=True, capture_output=True)
        return path
