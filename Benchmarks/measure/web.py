"""nginx in front of the responders, and the clients in front of nginx."""

import contextlib
import json
import os
import pathlib
import re
import socket
import subprocess
import tempfile
import time

from .scene import CORES, TOOLS, Responder, Scene

# As in nginx/ where it affects time: the same parameters, kept connections except for POST.
# Without TLS, rate limits and logs, whose cost would hide that of the responders.
MAIN = """
{user}worker_processes {cores};
pid {home}/nginx.pid;
error_log {home}/error.log warn;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    keepalive_requests 100000000;
    client_body_temp_path {home}/body;
    fastcgi_temp_path {home}/fastcgi;
    proxy_temp_path {home}/proxy;
    uwsgi_temp_path {home}/uwsgi;
    scgi_temp_path {home}/scgi;
    {servers}
}}
"""
SERVER = """
    upstream {name}_kept {{ server unix:{socket}; keepalive 64; keepalive_requests 100000000; }}
    upstream {name}_fresh {{ server unix:{socket}; }}
    map $request_method ${name} {{ POST {name}_fresh; default {name}_{usual}; }}
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        location / {{
            fastcgi_pass ${name};
            fastcgi_keep_conn on;
            fastcgi_next_upstream error;
            fastcgi_buffer_size 8k;
            fastcgi_buffers 16 16k;
            fastcgi_busy_buffers_size 32k;
            fastcgi_param REQUEST_METHOD $request_method;
            fastcgi_param REQUEST_URI $request_uri;
            fastcgi_param REQUEST_ID $request_id;
            fastcgi_param REMOTE_ADDR $remote_addr;
            fastcgi_param CONTENT_TYPE $content_type if_not_empty;
            fastcgi_param CONTENT_LENGTH $content_length if_not_empty;
            fastcgi_param HTTP_CONNECTION "" if_not_empty;
        }}
    }}
"""


@contextlib.contextmanager
def nginx(scene: Scene, responders: dict[str, Responder], usual: str = "kept"):
    """Runs one nginx in front of all responders; yields the port of each.

    `usual` is "kept", or "fresh" for a new FastCGI connection for each request.
    """
    home = pathlib.Path(tempfile.mkdtemp(prefix="nginx-", dir=scene.directory))
    ports = {name: free_port() for name in responders}
    servers = "".join(SERVER.format(name=name, port=ports[name], socket=responder.socket,
                                    usual=usual)
                      for name, responder in responders.items())
    user = "user root;\n" if os.getuid() == 0 else ""
    (home / "nginx.conf").write_text(
        MAIN.format(user=user, cores=CORES, home=home, servers=servers))
    path = os.environ["PATH"] + ":/usr/sbin:/sbin"
    process = subprocess.Popen(["nginx", "-p", home, "-c", home / "nginx.conf", "-e",
                                home / "error.log", "-g", "daemon off;"],
                               env={"PATH": path})
    try:
        for port in ports.values():
            wait_for_port(process, port)
        yield ports
    finally:
        process.terminate()
        process.wait(20)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for_port(process: subprocess.Popen, port: int) -> None:
    deadline = time.monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit("nginx is not listening")
            time.sleep(0.01)


def http_request(method: str, target: str, fields: dict[str, str], body: object = None) -> bytes:
    lines = [f"{method} {target} HTTP/1.1", "Host: localhost"]
    lines += [f"{name}: {value}" for name, value in fields.items()]
    content = b"" if body is None else json.dumps(body).encode()
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + content


def start_clients(scene: Scene, port: int, requests: list[bytes], connections: int,
                  **limits) -> subprocess.Popen:
    """Starts clients that repeat requests. Limits: seconds or count; rate for fixed times."""
    handle, path = tempfile.mkstemp(prefix="requests-", dir=scene.directory)
    with open(handle, "wb") as file:
        for message in requests:
            file.write(b"%d\n" % len(message) + message)
    options = {"seconds": "-s", "count": "-n", "rate": "-r"}
    arguments = [str(word) for name, value in limits.items() for word in (options[name], value)]
    return subprocess.Popen([TOOLS / "clients", "-p", str(port), "-f", path, "-c",
                             str(connections), *arguments], stdout=subprocess.PIPE, text=True)


def result(clients: subprocess.Popen) -> dict:
    """Waits for clients and returns the result that clients.c prints."""
    output, _ = clients.communicate(timeout=3600)
    if clients.returncode != 0:
        raise SystemExit("the clients failed")
    found = json.loads(output)
    if found["lost"] or found["unanswered"]:
        print(f"  note: {found['lost']} requests lost, {found['unanswered']} without a response")
    return found


def wrk(scene: Scene, port: int, target: str, seconds: float) -> dict:
    """Load by wrk(1): two threads, 32 connections."""
    fields = [word for name, value in scene.cookie.items() for word in ("-H", f"{name}: {value}")]
    output = subprocess.run(
        ["wrk", "-t2", "-c32", f"-d{seconds}s", "--latency", *fields,
         f"http://127.0.0.1:{port}{target}"], capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in output or "Socket errors" in output:
        raise SystemExit(output)
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)\b", output).groups()
    return {"rate": float(re.search(r"Requests/sec:\s+([\d.]+)", output).group(1)),
            "requests": int(re.search(r"(\d+) requests in", output).group(1)),
            "p99": float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]}
