/// The text of the migrations as they were released, which must never change.
enum ReleasedMigrations {
    static let all = [first, second, third, fourth]

    static let first = """
        CREATE TABLE accounts (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            email TEXT NOT NULL COLLATE NOCASE UNIQUE,
            password_hash TEXT NOT NULL,
            role TEXT NOT NULL,
            is_disabled INTEGER NOT NULL,
            created_at INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE sessions (
            id INTEGER PRIMARY KEY CHECK (id > 0),
            account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
            started_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL,
            generation INTEGER NOT NULL,
            rotated_at INTEGER NOT NULL,
            ended_at INTEGER
        ) STRICT;
        CREATE INDEX sessions_by_account ON sessions (account_id);
        CREATE INDEX sessions_by_expiry ON sessions (expires_at);

        CREATE TABLE people (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            first_name TEXT NOT NULL,
            last_name TEXT NOT NULL
        ) STRICT;
        """

    static let second = """
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
        """

    static let third = """
        CREATE TABLE people_by_name (
            name_order INTEGER NOT NULL,
            name TEXT NOT NULL,
            id INTEGER NOT NULL,
            first_name TEXT NOT NULL,
            last_name TEXT NOT NULL,
            PRIMARY KEY (name_order, name, id)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO people_by_name SELECT 0, lower(last_name || ' ' || first_name) AS name, id,
            first_name, last_name FROM people ORDER BY name, id;
        INSERT INTO people_by_name SELECT 1, lower(first_name || ' ' || last_name) AS name, id,
            first_name, last_name FROM people ORDER BY name, id;

        CREATE TRIGGER people_come AFTER INSERT ON people BEGIN
            INSERT INTO people_by_name VALUES (0, lower(new.last_name || ' ' || new.first_name),
                new.id, new.first_name, new.last_name);
            INSERT INTO people_by_name VALUES (1, lower(new.first_name || ' ' || new.last_name),
                new.id, new.first_name, new.last_name);
        END;
        CREATE TRIGGER people_go AFTER DELETE ON people BEGIN
            DELETE FROM people_by_name WHERE name_order = 0
                AND name = lower(old.last_name || ' ' || old.first_name) AND id = old.id;
            DELETE FROM people_by_name WHERE name_order = 1
                AND name = lower(old.first_name || ' ' || old.last_name) AND id = old.id;
        END;
        CREATE TRIGGER people_change AFTER UPDATE ON people BEGIN
            UPDATE people_by_name SET name = lower(new.last_name || ' ' || new.first_name),
                id = new.id, first_name = new.first_name, last_name = new.last_name
                WHERE name_order = 0 AND name = lower(old.last_name || ' ' || old.first_name)
                AND id = old.id;
            UPDATE people_by_name SET name = lower(new.first_name || ' ' || new.last_name),
                id = new.id, first_name = new.first_name, last_name = new.last_name
                WHERE name_order = 1 AND name = lower(old.first_name || ' ' || old.last_name)
                AND id = old.id;
        END;
        """

    static let fourth = """
        CREATE TABLE known_networks (
            account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
            key INTEGER NOT NULL,
            at INTEGER NOT NULL,
            PRIMARY KEY (account_id, key)
        ) STRICT, WITHOUT ROWID;
        DELETE FROM failures WHERE count = 0;

        ALTER TABLE accounts ADD COLUMN password_set_at INTEGER NOT NULL DEFAULT 0;
        """
}
