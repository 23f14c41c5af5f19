"""Faults of what nginx does not see: settings, secret, database, room, socket."""

import os
import sqlite3
import subprocess
import time
from contextlib import closing

import pytest

from .fault import Plan, contents, fault, mode, moved

# Settings.

@fault("settings-wrong")
def a_misspelt_setting(patient):
    yield Plan({"GATEHOUSE_WROKERS": "2"})


@fault("settings-doubtful", "doubtful")
def hashes_of_little_work(patient):
    yield Plan({"GATEHOUSE_PASSWORD_COST": "4"})


# The secret.

@fault("secret-missing")
def no_secret(patient):
    with moved(patient.secret):
        yield


@fault("secret-unfit")
def a_short_secret(patient):
    with contents(patient.secret, "hardly a secret\n"):
        yield


@fault("secret-example")
def the_secret_of_the_documentation(patient):
    with contents(patient.secret, "your-very-secure-secret-key-here\n"):
        yield


@fault("secret-readable")
def a_secret_for_everybody(patient):
    with mode(patient.secret, 0o644):
        yield


# The database.

@fault("database-missing")
def no_folder_of_the_database(patient):
    yield Plan({"GATEHOUSE_DATABASE": str(patient.directory / "nowhere" / "gatehouse.db")})


@fault("database-readable")
def a_database_for_everybody(patient):
    with mode(patient.site.backend.database_path, 0o644):
        yield


@fault("database-owner")
def a_database_of_another_user(patient):
    with patient.copied() as path:
        os.chown(path, 12345, 12345)
        yield Plan({"GATEHOUSE_DATABASE": str(path)})


@fault("database-locked-down")
def a_database_that_is_read_only(patient):
    with patient.copied() as path, mode(path, 0o400):
        yield Plan({"GATEHOUSE_DATABASE": str(path)})


@fault("database-damaged")
def a_damaged_database(patient):
    with patient.copied() as path:
        content = bytearray(path.read_bytes())
        # Every page but the first, at its beginning.
        size = int.from_bytes(content[16:18], "big")
        for page in range(size, len(content), size):
            content[page:page + 16] = b"\xff" * 16
        path.write_bytes(content)
        yield Plan({"GATEHOUSE_DATABASE": str(path)})


@fault("database-version")
def a_database_of_a_newer_version(patient):
    with patient.copied(lambda copy: copy.execute("PRAGMA user_version = 99")) as path:
        yield Plan({"GATEHOUSE_DATABASE": str(path)})


@fault("database-version", "doubtful")
def a_database_of_an_older_version(patient):
    with patient.copied(lambda copy: copy.execute("PRAGMA user_version = 1")) as path:
        yield Plan({"GATEHOUSE_DATABASE": str(path)})


@fault("administrator-missing", "doubtful")
def no_administrator(patient):
    database = patient.site.database
    database.set_role("admin@example.com", "user")
    try:
        yield
    finally:
        database.set_role("admin@example.com", "admin")


@fault("clock-behind")
def a_clock_that_was_set_back(patient):
    database = patient.site.database
    database.execute(
        "INSERT INTO events (at, kind, actor, address, detail)"
        " VALUES (?, 'login', 'owner', '', '')",
        int((time.time() + 3600) * 1000))
    try:
        yield
    finally:
        database.execute("DELETE FROM events WHERE at > ?", int((time.time() + 60) * 1000))


# Room and backups.

@fault("disk-full", "doubtful")
def a_small_disk(patient):
    folder = patient.directory / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16m,mode=700", "none", folder]
    if subprocess.run(mount).returncode != 0:
        folder.rmdir()
        pytest.skip("no file system may be mounted here")
    try:
        with patient.copied(folder=folder) as path:
            yield Plan({"GATEHOUSE_DATABASE": str(path)})
    finally:
        subprocess.run(["umount", folder], check=True)
        folder.rmdir()


@fault("log-grown", "doubtful")
def a_log_that_grows(patient):
    with patient.copied() as path:
        log = path.with_name(path.name + "-wal")
        log.touch(0o600)
        # Sparse: it takes no room on the disk.
        os.truncate(log, 3 << 30)
        yield Plan({"GATEHOUSE_DATABASE": str(path)})


@fault("backup-old", "doubtful")
def no_backup_for_a_week(patient):
    file = patient.backups / "gatehouse-today.db"
    os.utime(file, (time.time() - 7 * 86400,) * 2)
    yield
    os.utime(file)


# The socket.

# A GET may still pass on a connection that nginx has kept.
@fault("socket-missing", follows="site-answer login-answer")
def no_socket(patient):
    with moved(patient.site.backend.socket_path):
        yield


@fault("socket-silent", follows="site-answer")
def a_server_that_does_not_run(patient):
    patient.site.backend.kill()
    yield
    patient.site.backend.start()


@fault("store-unready")
def a_database_that_another_program_keeps(patient):
    with closing(sqlite3.connect(patient.site.database.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@fault("socket-open")
def a_socket_for_everybody(patient):
    with mode(patient.site.backend.socket_path, 0o666):
        yield


@fault("socket-closed-to-nginx")
def a_socket_that_nginx_does_not_reach(patient):
    main = patient.site.nginx.configuration / "nginx.conf"
    with patient.edited(main, "user root;", "user www-data;"):
        yield
