"""A client that refreshes on 401 and gives up on 403 never gets a 403 while its session is active.

A token expires on a whole second, but its cookie expires Max-Age seconds after its arrival. So a
browser may send a token that expired up to a second ago.
"""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from harness.nginx import WEB
from harness.scale import amount, seed
from harness.site import Site

# On a busy machine a shorter lifetime may end before a refreshed token is used.
LIFETIME = 4
LIVES = amount("LIVES", 5, 20)
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def short_lived(site_for) -> Site:
    settings = {"JWT_EXPIRES_IN": f"{LIFETIME}s", "REFRESH_TOKEN_EXPIRES_IN": "1h"}
    with site_for("cookie-lifetimes", settings) as site:
        yield site


def write_code(directory: Path) -> None:
    """Writes gatehouse.js, and the guide's code that does without it, one copy for each tab.

    A tab has its own instances of the modules.
    """
    guide = (ROOT / "docs/single-page-apps.md").read_text()
    for tab in 1, 2, 3:
        folder = directory / f"tab{tab}"
        folder.mkdir()
        (folder / "package.json").write_text('{"type": "module"}')
        for name in "refresh.js", "api.js":
            code = re.search(rf"```js\n(// {re.escape(name)}\n.*?)```", guide, re.DOTALL)
            (folder / name).write_text(code[1])
        shutil.copy(WEB / "gatehouse.js", folder)


def test_polling_tabs_never_get_a_403(short_lived: Site, tmp_path: Path) -> None:
    write_code(tmp_path)
    start = seed()
    clients = ["tutorial", "guide", "module", "uncoordinated module"]
    emails = short_lived.database.add_accounts("polling", len(clients))
    runs = {
        client: subprocess.Popen(
            ["node", Path(__file__).with_name("cookie_lifetimes.mjs"),
             f"https://localhost:{short_lived.nginx.port}", email, "John@123",
             client, str(LIVES * LIFETIME), str(start), tmp_path],
            env=os.environ | {"NODE_EXTRA_CA_CERTS": str(short_lived.authority.certificate)},
            stdout=subprocess.PIPE, text=True)
        for client, email in zip(clients, emails)}

    for client, run in runs.items():
        output, _ = run.communicate(timeout=60 + LIVES * LIFETIME)
        print(client, output.strip())
        assert run.returncode == 0, client
        result = json.loads(output)
        assert result["statuses"].keys() == {"200"}, (client, result)
        assert result["refreshes"] >= LIVES - 1, (client, result)
