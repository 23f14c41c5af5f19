/// The text of the migrations as they were released, which must never change.
enum ReleasedMigrations {
    static let all = [first, second, third, fourth, fifth, sixth]

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

    static let fifth = """
        ALTER TABLE accounts ADD COLUMN address_key TEXT;
        UPDATE accounts SET address_key = key_of_address(email);
        UPDATE accounts SET address_key = ' ' || id || ' ' || address_key WHERE id IN (
            SELECT id FROM (
                SELECT id, row_number() OVER (
                    PARTITION BY address_key ORDER BY created_at, id) AS place FROM accounts)
            WHERE place > 1);
        CREATE UNIQUE INDEX accounts_by_key ON accounts (address_key);

        CREATE TRIGGER accounts_come AFTER INSERT ON accounts WHEN new.address_key IS NULL BEGIN
            UPDATE accounts SET address_key = lower(new.email) WHERE id = new.id;
        END;
        CREATE TRIGGER accounts_change AFTER UPDATE OF email ON accounts
        WHEN new.address_key IS old.address_key BEGIN
            UPDATE accounts SET address_key = lower(new.email) WHERE id = new.id;
        END;
        CREATE TRIGGER accounts_go AFTER DELETE ON accounts BEGIN
            UPDATE accounts SET address_key = old.address_key WHERE id = (
                SELECT id FROM accounts
                WHERE address_key < '!' AND address_key = ' ' || id || ' ' || old.address_key
                ORDER BY created_at, id LIMIT 1);
        END;
        """

    static let sixth = """
        CREATE TABLE people_count (number INTEGER NOT NULL) STRICT;
        INSERT INTO people_count SELECT count(*) FROM people;
        CREATE TRIGGER people_count_up AFTER INSERT ON people
        BEGIN UPDATE people_count SET number = number + 1; END;
        CREATE TRIGGER people_count_down AFTER DELETE ON people
        BEGIN UPDATE people_count SET number = number - 1; END;

        CREATE TABLE accounts_count (number INTEGER NOT NULL) STRICT;
        INSERT INTO accounts_count SELECT count(*) FROM accounts;
        CREATE TRIGGER accounts_count_up AFTER INSERT ON accounts
        BEGIN UPDATE accounts_count SET number = number + 1; END;
        CREATE TRIGGER accounts_count_down AFTER DELETE ON accounts
        BEGIN UPDATE accounts_count SET number = number - 1; END;

        CREATE TABLE sessions_count (number INTEGER NOT NULL) STRICT;
        INSERT INTO sessions_count SELECT count(*) FROM sessions WHERE ended_at IS NULL;
        CREATE TRIGGER sessions_count_up AFTER INSERT ON sessions WHEN new.ended_at IS NULL
        BEGIN UPDATE sessions_count SET number = number + 1; END;
        CREATE TRIGGER sessions_count_down AFTER DELETE ON sessions WHEN old.ended_at IS NULL
        BEGIN UPDATE sessions_count SET number = number - 1; END;
        CREATE TRIGGER sessions_count_end AFTER UPDATE OF ended_at ON sessions
        WHEN (old.ended_at IS NULL) <> (new.ended_at IS NULL)
        BEGIN UPDATE sessions_count SET number = number + iif(new.ended_at IS NULL, 1, -1); END;

        DROP INDEX sessions_alive;
        CREATE INDEX sessions_alive ON sessions (account_id, started_at, expires_at)
            WHERE ended_at IS NULL;
        DROP INDEX events_by_account;
        DROP INDEX events_by_session;
        CREATE INDEX events_by_kind ON events (kind) WHERE kind <> 'refresh';
        CREATE INDEX events_by_account ON events (account_id)
            WHERE kind <> 'refresh' AND account_id IS NOT NULL;
        CREATE INDEX events_by_session ON events (session_id)
            WHERE kind <> 'refresh' AND session_id IS NOT NULL;
        CREATE INDEX events_by_kind_and_account ON events (kind, account_id)
            WHERE account_id IS NOT NULL;
        CREATE INDEX refreshes_by_session ON events (session_id, kind)
            WHERE kind = 'refresh' AND session_id IS NOT NULL;

        CREATE TABLE byte_positions (position INTEGER PRIMARY KEY) STRICT;
        WITH RECURSIVE positions (position) AS (
            SELECT 2 UNION ALL SELECT position + 1 FROM positions WHERE position < 320
        )
        INSERT INTO byte_positions SELECT position FROM positions;

        CREATE VIEW person_keys (name_order, name, id, first_name, last_name) AS
            SELECT 0, lower(last_name || ' ' || first_name), id, first_name, last_name FROM people
            UNION ALL
            SELECT 1, lower(first_name || ' ' || last_name), id, first_name, last_name FROM people
            UNION ALL
            SELECT name_order, lower(CAST(substr(bytes, position) AS TEXT) || ' ' || other), id,
                first_name, last_name
            FROM (
                SELECT 2 AS name_order, CAST(last_name AS BLOB) AS bytes, first_name AS other, id,
                    first_name, last_name FROM people
                    WHERE last_name GLOB '*[^0-9A-Za-z]*' OR instr(CAST(last_name AS BLOB), x'00')
                UNION ALL
                SELECT 3, CAST(first_name AS BLOB), last_name, id, first_name, last_name FROM people
                    WHERE first_name GLOB '*[^0-9A-Za-z]*' OR instr(CAST(first_name AS BLOB), x'00')
            ) CROSS JOIN byte_positions ON position <= length(bytes)
            WHERE (
                    substr(bytes, position - 1, 1) < x'80'
                        AND CAST(substr(bytes, position - 1, 1) AS TEXT) NOT GLOB '[0-9A-Za-z]'
                    OR substr(bytes, position - 1, 1) >= x'80' AND (
                        substr(bytes, position - 2, 2) IN (x'C2A0', x'C2B7')
                        OR substr(bytes, position - 3, 3) IN (x'E28098', x'E28099', x'E38080', x'E383BB')
                        OR substr(bytes, position - 3, 3) BETWEEN x'E28090' AND x'E28095'
                    )
                )
                AND (
                    substr(bytes, position, 1) >= x'80'
                    OR CAST(substr(bytes, position, 1) AS TEXT) GLOB '[0-9A-Za-z]'
                );

        DROP TRIGGER people_come;
        DROP TRIGGER people_go;
        DROP TRIGGER people_change;
        INSERT INTO people_by_name SELECT * FROM person_keys WHERE name_order > 1
            ORDER BY name_order, name, id;
        CREATE TRIGGER people_come AFTER INSERT ON people BEGIN
            INSERT INTO people_by_name SELECT * FROM person_keys WHERE id = new.id;
        END;
        CREATE TRIGGER people_go BEFORE DELETE ON people BEGIN
            DELETE FROM people_by_name WHERE name_order IN (0, 1, 2, 3) AND id = old.id
                AND name IN (SELECT name FROM person_keys WHERE id = old.id);
        END;
        CREATE TRIGGER people_change_from BEFORE UPDATE ON people BEGIN
            DELETE FROM people_by_name WHERE name_order IN (0, 1, 2, 3) AND id = old.id
                AND name IN (SELECT name FROM person_keys WHERE id = old.id);
        END;
        CREATE TRIGGER people_change_to AFTER UPDATE ON people BEGIN
            INSERT INTO people_by_name SELECT * FROM person_keys WHERE id = new.id;
        END;

        CREATE VIEW account_words (word, id) AS
            SELECT lower(CAST(substr(bytes, position) AS TEXT)), id
            FROM (SELECT id, CAST(email AS BLOB) AS bytes FROM accounts)
            CROSS JOIN byte_positions ON position <= length(bytes)
            WHERE (
                    substr(bytes, position - 1, 1) < x'80'
                        AND CAST(substr(bytes, position - 1, 1) AS TEXT) NOT GLOB '[0-9A-Za-z]'
                    OR substr(bytes, position - 1, 1) >= x'80' AND (
                        substr(bytes, position - 2, 2) IN (x'C2A0', x'C2B7')
                        OR substr(bytes, position - 3, 3) IN (x'E28098', x'E28099', x'E38080', x'E383BB')
                        OR substr(bytes, position - 3, 3) BETWEEN x'E28090' AND x'E28095'
                    )
                )
                AND (
                    substr(bytes, position, 1) >= x'80'
                    OR CAST(substr(bytes, position, 1) AS TEXT) GLOB '[0-9A-Za-z]'
                );
        CREATE TABLE accounts_by_word (
            word TEXT NOT NULL,
            id INTEGER NOT NULL,
            PRIMARY KEY (word, id)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO accounts_by_word SELECT * FROM account_words ORDER BY word, id;
        CREATE TRIGGER account_words_come AFTER INSERT ON accounts BEGIN
            INSERT INTO accounts_by_word SELECT * FROM account_words WHERE id = new.id;
        END;
        CREATE TRIGGER account_words_go BEFORE DELETE ON accounts BEGIN
            DELETE FROM accounts_by_word WHERE id = old.id
                AND word IN (SELECT word FROM account_words WHERE id = old.id);
        END;
        CREATE TRIGGER account_words_change_from BEFORE UPDATE OF id, email ON accounts BEGIN
            DELETE FROM accounts_by_word WHERE id = old.id
                AND word IN (SELECT word FROM account_words WHERE id = old.id);
        END;
        CREATE TRIGGER account_words_change_to AFTER UPDATE OF id, email ON accounts BEGIN
            INSERT INTO accounts_by_word SELECT * FROM account_words WHERE id = new.id;
        END;
        """
}
