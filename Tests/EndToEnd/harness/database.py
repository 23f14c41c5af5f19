"""The database as another program sees it: the recorded fixture, dumps, injected defects."""

import sqlite3
import subprocess
from pathlib import Path

from . import log_leaks

# (id, e-mail, password, bcrypt hash of cost 4, role): the accounts of the recorded cases.
ACCOUNTS = [
    (1, "john@example.com", "John@123",
     "$2b$04$.xTnSiE4.inEBrzxVkV4PuIJhz7IwhYQ1cAmjTW5EqgfOVTtc6ps6", "user"),
    (2, "mary@example.com", "Mary@1234",
     "$2b$04$yNy0GaW7Gh4oMXHW5TD25uao8gkIcD6jQFRSroZX2cKPfTYiz9PiC", "user"),
    (3, "admin@example.com", "Admin@123",
     "$2b$04$HRLT/0tgLkE6JfA7HNa2rOR0uWoKlDbx9u0oYAG3NA5b4jL7f2TqW", "admin"),
]
# The hash that the Express backend made of John's password, with cost 10.
JOHN_AT_COST_10 = "$2b$10$0TgqfOswvSg9korNXM7VQO3cZGYPleLg584uZdsJHwFOnOM.LN98K"
PEOPLE = [(1, "John", "Doe"), (2, "Mike", "Clark")]

Dump = dict[str, list[tuple]]


class Database:
    """A connection to a database that the server also has open."""

    def __init__(self, path: Path):
        self.path = path
        self.connection = sqlite3.connect(
            path, timeout=10, isolation_level=None, check_same_thread=False)
        # The writes of the tests need not survive a power failure.
        self.connection.execute("PRAGMA synchronous = OFF")

    def close(self) -> None:
        self.connection.close()

    def execute(self, statement: str, *values: object) -> list[tuple]:
        return self.connection.execute(statement, values).fetchall()

    def reset(self) -> None:
        """Restores the fixture of the recorded cases, including the next ids."""
        run = self.connection.execute
        run("BEGIN IMMEDIATE")
        for table in (
            "sessions", "known_networks", "accounts", "people", "failures", "events"
        ):
            run(f"DELETE FROM {table}")
        for number, email, _, password_hash, role in ACCOUNTS:
            run(
                "INSERT INTO accounts (id, email, password_hash, role, is_disabled, created_at)"
                " VALUES (?, ?, ?, ?, 0, 1700000000000)",
                (number, email, password_hash, role),
            )
        for person in PEOPLE:
            run("INSERT INTO people (id, first_name, last_name) VALUES (?, ?, ?)", person)
        for table, last in (("accounts", len(ACCOUNTS)), ("people", len(PEOPLE))):
            run("UPDATE sqlite_sequence SET seq = ? WHERE name = ?", (last, table))
        run("COMMIT")

    def set_role(self, email: str, role: str) -> None:
        """Changes a role directly in the database. The command would also end the sessions."""
        self.execute("UPDATE accounts SET role = ? WHERE email = ?", role, email)

    def confirm_sessions(self) -> None:
        """Marks the newest tokens as used, so that a refused request has nothing to record."""
        self.execute("UPDATE sessions SET confirmed_at = handed_at")

    def age_sessions(self, seconds: int) -> None:
        """Makes all sessions begin earlier."""
        self.execute("UPDATE sessions SET started_at = started_at - ?", seconds * 1000)

    def session(self, number: int) -> tuple:
        """Returns the row of a session, for a later `restore`."""
        (row,) = self.execute("SELECT * FROM sessions WHERE id = ?", number)
        return row

    def restore(self, session: tuple) -> None:
        places = ", ".join("?" * len(session))
        self.execute(f"REPLACE INTO sessions VALUES ({places})", *session)

    def add_accounts(self, name: str, count: int, role: str = "user") -> list[str]:
        """Adds accounts with John's password and returns their e-mail addresses.

        Tests that log in very often use many accounts, because the sessions of each are limited.
        """
        emails = [f"{name}-{number}@example.com" for number in range(count)]
        log_leaks.register(*emails)
        self.connection.executemany(
            "INSERT INTO accounts (email, password_hash, role, is_disabled, created_at)"
            " VALUES (?, ?, ?, 0, 1700000000000)",
            [(email, ACCOUNTS[0][3], role) for email in emails])
        return emails

    def dump(self) -> Dump:
        """Returns every row of every table, in one consistent state."""
        self.connection.execute("BEGIN")
        try:
            tables = self.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            return {
                name: sorted(self.execute(f'SELECT * FROM "{name}"'), key=repr)
                for (name,) in sorted(tables)
            }
        finally:
            self.connection.execute("COMMIT")

    def file_bytes(self) -> tuple[bytes, bytes]:
        """Returns the contents of the database file and of its write-ahead log.

        Another process reads them: if this one closed the files, it would lose all its locks on
        them (https://sqlite.org/howtocorrupt.html, 2.2), and the server might believe that no
        other process uses the database.
        """
        log = Path(f"{self.path}-wal")
        return _read(self.path), _read(log) if log.exists() else b""

    def integrity(self) -> list[str]:
        """Returns what `PRAGMA integrity_check` finds wrong, and dangling references."""
        found = [text for (text,) in self.execute("PRAGMA integrity_check") if text != "ok"]
        return found + [repr(row) for row in self.execute("PRAGMA foreign_key_check")]


def _read(path: Path) -> bytes:
    return subprocess.run(["cat", path], check=True, capture_output=True).stdout


def changes(before: Dump, after: Dump) -> dict[str, tuple[list[tuple], list[tuple]]]:
    """Returns, for each table that differs, the rows that were removed and those added."""
    return {
        table: (
            [row for row in before.get(table, []) if row not in after.get(table, [])],
            [row for row in after.get(table, []) if row not in before.get(table, [])],
        )
        for table in sorted(before.keys() | after.keys())
        if before.get(table) != after.get(table)
    }
