-- Numbers of rows that must be known without counting them, kept by triggers, whatever program
-- writes. The number of people is bounded.

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

-- The number of sessions that have not been ended. An expired session counts until a purge deletes
-- it. A refresh does not set ended_at, so the trigger costs it nothing.

CREATE TABLE sessions_count (number INTEGER NOT NULL) STRICT;
INSERT INTO sessions_count SELECT count(*) FROM sessions WHERE ended_at IS NULL;
CREATE TRIGGER sessions_count_up AFTER INSERT ON sessions WHEN new.ended_at IS NULL
BEGIN UPDATE sessions_count SET number = number + 1; END;
CREATE TRIGGER sessions_count_down AFTER DELETE ON sessions WHEN old.ended_at IS NULL
BEGIN UPDATE sessions_count SET number = number - 1; END;
CREATE TRIGGER sessions_count_end AFTER UPDATE OF ended_at ON sessions
WHEN (old.ended_at IS NULL) <> (new.ended_at IS NULL)
BEGIN UPDATE sessions_count SET number = number + iif(new.ended_at IS NULL, 1, -1); END;

-- Each login ends the sessions of its account beyond a number. With the end in this index, they are
-- found without reading the table.

DROP INDEX sessions_alive;
CREATE INDEX sessions_alive ON sessions (account_id, started_at, expires_at)
    WHERE ended_at IS NULL;

-- Refreshes are by far the most frequent events, and are bounded for each session. So they have an
-- index of their own for it, and a refresh has as many indexes to write as before. Every kind has a
-- bound of its own, and most kinds another for each account. These indexes contain the kind, so that
-- events can be counted without reading the table.

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

-- People and accounts are also found by the beginning of each word. The key of a word is the rest
-- of the text from there on. A word begins after an ASCII character that is no letter and no digit,
-- or after a space, hyphen, dash, apostrophe or middle dot of other scripts.
--
-- Texts are examined as bytes, because substr() ends a text at a NUL. No other character contains
-- the bytes of a mark. The table of positions stands for a loop: a name has at most 90 bytes, an
-- address 300.

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
