"""TCP ports for servers."""

import random
import socket
from pathlib import Path

# The ports that the kernel gives to clients begin here (ip(7)). A server cannot have the port of a
# client that is connected, or was a minute ago, so servers get lower ones.
CLIENTS = Path("/proc/sys/net/ipv4/ip_local_port_range")
LOWEST = 10_000


def free_port() -> int:
    """Returns a port that no server and no client of this machine uses, on any address."""
    ports = range(LOWEST, int(CLIENTS.read_text().split()[0])) or range(LOWEST, 65_536)
    for _ in range(1_000):
        # Not from a seed, because several test runs look for ports at the same time.
        port = random.SystemRandom().choice(ports)
        with socket.socket() as probe:
            try:
                probe.bind(("", port))
            except OSError:
                continue
            return port
    raise AssertionError(f"no port of {ports} is free")
