-- People by name, in either order (NameOrder), with every column that a page shows. An index of
-- people would send the database to as many places as the page has rows; here the rows are
-- adjacent. Triggers keep the table up to date, whatever program writes. lower() changes
-- A to Z only.

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
