-- Two spellings of one address are one account. They have the same key, which the program computes
-- (Account.addressKey); key_of_address is its function, and exists only while migrations run. The
-- address is kept as it was typed, and finds its account as before.
--
-- Of existing accounts with one key, the oldest gets it. The key of each other one begins with a
-- blank, so that nothing but its exact spelling finds it, until the oldest is removed.
--
-- Triggers give a key to what another program writes. lower() changes A to Z only.

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
