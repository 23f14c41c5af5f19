"""One HTTP/2 connection carries more requests than nginx allows by default."""

import subprocess

from harness.site import Site


def test_the_1000th_request_does_not_end_an_http2_connection(site: Site) -> None:
    # When nginx ends a connection, several HTTP clients lose the request in progress. curl opens
    # another connection, and counts it.
    done = subprocess.run(
        ["curl", "--silent", "--http2", "--cacert", site.authority.certificate,
         "--output", "/dev/null", "--write-out", "%{http_version} %{http_code} %{num_connects}\n",
         f"https://localhost:{site.nginx.port}/health?[1-2500]"],
        capture_output=True, text=True, check=True)

    lines = done.stdout.splitlines()
    assert len(lines) == 2500
    assert lines[0] == "2 200 1"
    assert set(lines[1:]) == {"2 200 0"}
