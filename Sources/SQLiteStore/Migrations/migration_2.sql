-- A session records how its newest refresh token was issued (docs/rotation.md) and where the client
-- is. The existing sessions were rotated strictly, so none of their older tokens is valid. Sessions
-- without an account are not copied; they are left behind if another program deletes an account
-- without enforcing foreign keys.
--
-- Failure counters are found by an authentication code of the account and the network. Triggers
-- keep their number, whatever program writes, because count(*) reads the whole table.
--
-- Events outlive their accounts and sessions and are never changed. Only the statement that purges
-- ensures that the oldest are deleted first, since a trigger cannot tell which program deletes. So
-- the newest event always exists, and numbers grow without AUTOINCREMENT, which would cost each
-- commit one more page.

CREATE TABLE new_sessions (
    id INTEGER PRIMARY KEY CHECK (id > 0),
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    started_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    ended_at INTEGER,
    generation INTEGER NOT NULL,
    parent INTEGER NOT NULL,
    confirmed_at INTEGER,
    rotated_at INTEGER NOT NULL,
    handed_at INTEGER NOT NULL,
    retry_key INTEGER,
    seen_at INTEGER NOT NULL,
    address TEXT NOT NULL,
    device TEXT NOT NULL
) STRICT;
INSERT INTO new_sessions SELECT id, account_id, started_at, expires_at, ended_at,
    generation, generation, NULL, rotated_at, rotated_at, NULL, rotated_at, '',
    '' FROM sessions WHERE account_id IN (SELECT id FROM accounts);
DROP TABLE sessions;
ALTER TABLE new_sessions RENAME TO sessions;
CREATE INDEX sessions_by_account ON sessions (account_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
CREATE INDEX sessions_alive ON sessions (account_id, started_at) WHERE ended_at IS NULL;

CREATE TABLE failures (
    key INTEGER PRIMARY KEY,
    count INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    next_at INTEGER NOT NULL
) STRICT;
CREATE INDEX failures_by_age ON failures (last_at);
CREATE TABLE failures_count (number INTEGER NOT NULL) STRICT;
INSERT INTO failures_count VALUES (0);
CREATE TRIGGER failures_come AFTER INSERT ON failures
BEGIN UPDATE failures_count SET number = number + 1; END;
CREATE TRIGGER failures_go AFTER DELETE ON failures
BEGIN UPDATE failures_count SET number = number - 1; END;

CREATE TABLE events (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    account_id INTEGER,
    session_id INTEGER,
    address TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT;
CREATE INDEX events_by_account ON events (account_id) WHERE account_id IS NOT NULL;
CREATE INDEX events_by_session ON events (session_id) WHERE session_id IS NOT NULL;
CREATE TRIGGER events_stay BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
