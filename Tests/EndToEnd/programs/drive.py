"""Uses the guide's session.py from four threads. Arguments: site, username, password, seconds."""

import json
import sys
import threading
import time
from collections import Counter

from session import Session

site, username, password, seconds = sys.argv[1:]
session = Session(site, username, password)
end = time.monotonic() + float(seconds)
statuses: Counter[int] = Counter()


def poll() -> None:
    while time.monotonic() < end:
        status, _ = session.request("GET", "/api/auth/me")
        statuses[status] += 1
        # The interval in which this client polls.
        time.sleep(0.05)


threads = [threading.Thread(target=poll) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(json.dumps(statuses))
