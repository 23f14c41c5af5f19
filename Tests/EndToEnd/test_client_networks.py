"""Which addresses nginx's rate limits count as one client."""

from collections.abc import Callable, Iterator

import pytest

from harness.site import Site


@pytest.fixture(scope="module")
def limited(site_for: Callable[..., Site]) -> Iterator[Site]:
    """A site with the shipped rates that takes the client's address from X-Real-IP."""
    site = site_for("networks", lift_rates=False)
    listen = site.nginx.configuration / "gatehouse" / "settings" / "listen.conf"
    listen.write_text(
        listen.read_text() + "set_real_ip_from 127.0.0.1;\nreal_ip_header X-Real-IP;\n")
    with site:
        yield site


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        # Written as nginx does, without the longest run of zeros (RFC 5952, section 4.2).
        ("2001:db8:1:2:3:4:5:{:x}", True),
        ("2001:db8:1:3::{:x}", True),
        ("2001:db8:2::b:c:{:x}", True),
        ("2001:db8::b:c:d:{:x}", True),
        ("2001:db8:3::{:x}", True),
        ("2001::{:x}", True),
        ("2001:db8:4:{:x}:5:6:7:8", False),
        ("2001:db8:{:x}::1", False),
        ("198.51.100.{}", False),
        ("::ffff:198.51.100.{}", False),
    ],
)
def test_an_ipv6_network_with_a_64_bit_prefix_is_one_client(
    limited: Site, address: str, is_one: bool
) -> None:
    client = limited.client()
    statuses = {
        client.request(
            "POST", "/api/auth/login", [("X-Real-IP", address.format(number))], b""
        ).status
        for number in range(16, 36)
    }
    client.close()

    assert statuses == ({400, 429} if is_one else {400})
