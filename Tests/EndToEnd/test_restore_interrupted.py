"""Restores that are killed, and servers that start during a restore."""

import os
import random
import subprocess
from collections import Counter
from contextlib import suppress
from pathlib import Path

from harness import scale
from harness.backend import binary
from harness.backups import kept_of, people, run
from harness.database import Database
from harness.polling import until
from harness.site import Site

JOHN = ("john@example.com", "John@123")
KILLS = scale.amount("KILLS", 30, 300)


def test_a_server_that_starts_during_a_restore_has_the_restored_data_or_prevents_the_restore(
    fresh: Site, tmp_path: Path
) -> None:
    moments = random.Random(scale.seed())
    run(fresh, "backup", tmp_path / "backup")
    outcomes = Counter()
    for attempt in range(scale.scaled(12, 100)):
        fresh.database.execute("INSERT INTO people (first_name, last_name) VALUES ('Old', '')")
        fresh.database.close()
        fresh.backend.stop()
        is_first = moments.random() < 0.5
        if is_first:
            fresh.backend.launch()
        restoring = subprocess.Popen(
            [binary(), "restore", tmp_path / "backup"], env=fresh.backend.environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if not is_first:
            with suppress(subprocess.TimeoutExpired):
                restoring.wait(moments.uniform(0, 0.1))
            fresh.backend.launch()
        is_restored = restoring.wait(30) == 0
        fresh.database = Database(fresh.backend.database_path)
        client = fresh.client()
        until(lambda: client.request("GET", "/health").status == 200, "the server responds")
        pair = client.log_in(*JOHN)
        added = {"firstName": "Added", "lastName": str(attempt)}
        assert client.send_json("POST", "/api/people", added, pair.bearer).status == 201
        names = {row[1:] for row in fresh.database.execute("SELECT * FROM people")}
        # The database contains the confirmed change, and is either the old or the restored one.
        assert ("Added", str(attempt)) in names
        assert (("Old", "") in names) != is_restored
        outcomes[is_restored] += 1
    print(f"restored {outcomes[True]}, refused {outcomes[False]}")


def test_a_killed_restore_leaves_the_old_or_the_new_database(fresh: Site, tmp_path: Path) -> None:
    seed = scale.seed()
    moments = random.Random(seed)
    backups = {}
    for name in ["Old", "New"]:
        fresh.database.execute("DELETE FROM people")
        fresh.database.connection.execute("BEGIN")
        for number in range(4000):
            fresh.database.execute(
                "INSERT INTO people (first_name, last_name) VALUES (?, ?)", name, str(number))
        fresh.database.connection.execute("COMMIT")
        backups[name] = tmp_path / name
        run(fresh, "backup", backups[name])
    folder = tmp_path / "state"
    folder.mkdir()
    database = folder / "gatehouse.db"
    environment = fresh.backend.environment | {"GATEHOUSE_DATABASE": str(database)}

    def start(name: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [binary(), "restore", backups[name]], env=environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    assert start("Old").wait(30) == 0
    started = os.times().elapsed
    assert start("Old").wait(30) == 0
    length = os.times().elapsed - started

    present, seen, journals = "Old", {"Old": 0, "New": 0}, 0
    for _ in range(KILLS):
        wanted = "New" if present == "Old" else "Old"
        process = start(wanted)
        try:
            process.wait(moments.uniform(0.5, 1.1) * length)
            assert process.returncode == 0, process.stderr.read()
            length *= 0.9
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            # This moves the kill towards the last step, the replacement of the database.
            length *= 1.1
        journals += (folder / "gatehouse.db-journal").exists()
        rows = people(database)
        names = {row[1] for row in rows}
        assert len(rows) == 4000 and len(names) == 1, names
        (present,) = names
        seen["New" if present == wanted else "Old"] += 1
        for kept in kept_of(database):
            kept.unlink()
    print(f"{seen} of {KILLS}, {journals} in the middle of the replacement")
    assert all(seen.values())

    assert start("New").wait(30) == 0
    assert {row[1] for row in people(database)} == {"New"}
    assert sorted(path.name for path in folder.iterdir())[0] == "gatehouse.db"
    assert [path for path in folder.iterdir() if "restoring" in path.name] == []
