-- The known networks of an account have a table of their own, with a maximum for each account, so
-- that logins from many networks cannot push out the counters of wrong passwords. The marks in the
-- table failures cannot be moved, since their keys do not reveal the account. The next login from a
-- network makes it known again.
--
-- Wrong passwords from before an account had its present password do not count. For the existing
-- accounts, that time is unknown, so all of them count.

CREATE TABLE known_networks (
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    key INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (account_id, key)
) STRICT, WITHOUT ROWID;
DELETE FROM failures WHERE count = 0;

ALTER TABLE accounts ADD COLUMN password_set_at INTEGER NOT NULL DEFAULT 0;
