"""Defects behind nginx: settings, secret, database, disk and socket."""

import os
import socket
import sqlite3
import subprocess
import time
from contextlib import closing

import pytest

from .defect import Plan, contents, defect, mode, moved

# Settings.

@defect("settings-wrong")
def a_misspelt_setting(installed):
    yield Plan({"GATEHOUSE_WROKERS": "2"})


@defect("settings-questionable", "warning")
def password_hashes_with_too_low_a_cost(installed):
    yield Plan({"GATEHOUSE_PASSWORD_COST": "4"})


# The secret.

@defect("secret-missing")
def no_secret(installed):
    with moved(installed.secret):
        yield


@defect("secret-unfit")
def a_short_secret(installed):
    with contents(installed.secret, "too short\n"):
        yield


@defect("secret-example")
def the_secret_of_the_documentation(installed):
    with contents(installed.secret, "your-very-secure-secret-key-here\n"):
        yield


@defect("secret-example")
def a_secret_of_one_letter(installed):
    with contents(installed.secret, "a" * 40):
        yield


@defect("secret-readable")
def a_secret_readable_by_every_user(installed):
    with mode(installed.secret, 0o644):
        yield


# The database.

@defect("database-missing")
def no_folder_of_the_database(installed):
    yield Plan({"GATEHOUSE_DATABASE": str(installed.directory / "nowhere" / "gatehouse.db")})


@defect("database-readable")
def a_database_readable_by_every_user(installed):
    with mode(installed.site.backend.database_path, 0o644):
        yield


@defect("database-owner")
def a_database_of_another_user(installed):
    with installed.copied() as path:
        os.chown(path, 12345, 12345)
        yield Plan({"GATEHOUSE_DATABASE": str(path)})


@defect("database-locked-down")
def a_database_that_is_read_only(installed):
    with installed.copied() as path, mode(path, 0o400):
        yield Plan({"GATEHOUSE_DATABASE": str(path)})


@defect("database-damaged")
def a_damaged_database(installed):
    with installed.copied() as path:
        content = bytearray(path.read_bytes())
        # Overwrites the start of every page except the first.
        size = int.from_bytes(content[16:18], "big")
        for page in range(size, len(content), size):
            content[page:page + 16] = b"\xff" * 16
        path.write_bytes(content)
        yield Plan({"GATEHOUSE_DATABASE": str(path)})


@defect("database-version")
def a_database_of_a_newer_version(installed):
    with installed.copied(lambda copy: copy.execute("PRAGMA user_version = 99")) as path:
        yield Plan({"GATEHOUSE_DATABASE": str(path)})


@defect("database-version", "warning")
def a_database_of_an_older_version(installed):
    with installed.copied(lambda copy: copy.execute("PRAGMA user_version = 1")) as path:
        yield Plan({"GATEHOUSE_DATABASE": str(path)})


@defect("administrator-missing", "warning")
def no_administrator(installed):
    database = installed.site.database
    database.set_role("admin@example.com", "user")
    try:
        yield
    finally:
        database.set_role("admin@example.com", "admin")


@defect("clock-behind")
def a_clock_that_was_set_back(installed):
    database = installed.site.database
    database.execute(
        "INSERT INTO events (at, kind, actor, address, detail)"
        " VALUES (?, 'login', 'owner', '', '')",
        int((time.time() + 3600) * 1000))
    try:
        yield
    finally:
        database.execute("DELETE FROM events WHERE at > ?", int((time.time() + 60) * 1000))


# Disk space and backups.

@defect("disk-full", "warning")
def a_small_disk(installed):
    folder = installed.directory / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16m,mode=700", "none", folder]
    if subprocess.run(mount).returncode != 0:
        folder.rmdir()
        pytest.skip("mounting a file system is not permitted here")
    try:
        with installed.copied(folder=folder) as path:
            yield Plan({"GATEHOUSE_DATABASE": str(path)})
    finally:
        subprocess.run(["umount", folder], check=True)
        folder.rmdir()


@defect("log-grown", "warning")
def a_log_that_grows(installed):
    with installed.copied() as path:
        log = path.with_name(path.name + "-wal")
        log.touch(0o600)
        # The file is sparse and takes no space on the disk.
        os.truncate(log, 3 << 30)
        yield Plan({"GATEHOUSE_DATABASE": str(path)})


@defect("backup-old", "warning")
def no_backup_for_a_week(installed):
    file = installed.backups / "gatehouse-today.db"
    os.utime(file, (time.time() - 7 * 86400,) * 2)
    yield
    os.utime(file)


# The socket.

@defect("socket-missing")
def no_socket(installed):
    with moved(installed.site.backend.socket_path):
        yield


@defect("socket-silent")
def a_server_that_does_not_run(installed):
    installed.site.backend.kill()
    yield
    installed.site.backend.start()


@defect("socket-silent")
def a_server_that_accepts_nothing(installed):
    installed.site.backend.kill()
    path = installed.site.backend.socket_path
    path.unlink()
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(path))
        silent.listen()
        yield
    path.unlink()
    installed.site.backend.start()


@defect("settings-wrong")
def a_server_that_does_not_start(installed):
    installed.site.backend.kill()
    yield Plan({"GATEHOUSE_WROKERS": "2"})
    installed.site.backend.start()


@defect("store-unready")
def a_database_that_another_program_locks(installed):
    with closing(sqlite3.connect(installed.site.database.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@defect("socket-open")
def a_socket_writable_by_every_user(installed):
    with mode(installed.site.backend.socket_path, 0o666):
        yield


@defect("socket-closed-to-nginx")
def a_socket_that_nginx_may_not_write_to(installed):
    main = installed.site.nginx.configuration / "nginx.conf"
    with installed.edited(main, "user root;", "user www-data;"):
        yield
