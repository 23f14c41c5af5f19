import Directory
import Identity
import Testing

@testable import SQLiteStore

/// The tables that triggers keep up to date, for the rows from before a migration and after it.
struct TriggerMigrationsTests {
    let directory: TemporaryDirectory
    let connection: Connection

    init() throws {
        directory = try TemporaryDirectory()
        connection = try Connection(path: directory.database, createIfMissing: true)
    }

    @Test func `people are found by name, whichever program wrote them and when`() throws {
        try Migrations(steps: Array(Migrations().steps.prefix(2))).run(on: connection)
        try connection.execute(
            """
            INSERT INTO people VALUES (5, 'Ann', 'Bee'), (6, 'Č', 'ÄX'), (7, 'Go', 'Ne');
            """)
        try Migrations().run(on: connection)
        try connection.execute(
            """
            INSERT INTO people (first_name, last_name) VALUES ('Zoë', 'B' || char(0) || 'C');
            UPDATE people SET first_name = 'Eve', id = 99 WHERE id = 5;
            DELETE FROM people WHERE id = 7;
            """)

        let names = """
            SELECT group_concat(name_order || hex(name) || id || first_name || hex(last_name))
            FROM people_by_name WHERE name_order < 2
            """
        let expected = """
            SELECT group_concat(row) FROM (
                SELECT 0 || hex(lower(last_name || ' ' || first_name)) || id || first_name
                    || hex(last_name) AS row, 0 AS a, lower(last_name || ' ' || first_name) AS b
                FROM people
                UNION ALL SELECT 1 || hex(lower(first_name || ' ' || last_name)) || id || first_name
                    || hex(last_name), 1, lower(first_name || ' ' || last_name) FROM people
                ORDER BY 2, 3)
            """
        #expect(try connection.text(of: names) == connection.text(of: expected))
        #expect(try connection.text(of: "SELECT count(*) FROM people_by_name") == "7")
        #expect(try connection.text(of: "SELECT number FROM people_count") == "3")
    }

    @Test func `the words of names and addresses follow every change, whichever program makes it`()
        throws
    {
        try Migrations(steps: Array(Migrations().steps.prefix(3))).run(on: connection)
        try connection.execute(
            """
            INSERT INTO people VALUES (5, 'Mary Ann', 'van der Berg-O''Neil'), (6, 'Č d', 'ÄX'),
                (7, 'Jean‑Luc', 'a' || char(0) || 'b c');
            INSERT INTO accounts VALUES (1, 'Jane.Doe+x@mail.example.com', '', 'user', 0, 0),
                (2, 'jörg@x.com', '', 'user', 0, 0);
            """)
        try Migrations().run(on: connection)
        let people = """
            SELECT group_concat(name, '|') FROM (SELECT name_order || ' ' || hex(name) AS name
            FROM people_by_name WHERE name_order > 1 ORDER BY name_order, people_by_name.name, id)
            """
        func keys(_ keys: String...) -> String {
            keys.map { key in
                "\(key.prefix(1)) "
                    + key.dropFirst(2).utf8.map { byte in
                        let digits = String(byte, radix: 16, uppercase: true)
                        return digits.utf8.count == 1 ? "0" + digits : digits
                    }.joined()
            }.joined(separator: "|")
        }
        #expect(
            try connection.text(of: people)
                == keys(
                    "2 b c jean‑luc", "2 berg-o'neil mary ann", "2 c jean‑luc",
                    "2 der berg-o'neil mary ann", "2 neil mary ann", "2 o'neil mary ann",
                    "3 ann van der berg-o'neil", "3 d Äx", "3 luc a\0b c"))
        let words = "SELECT group_concat(word || ' ' || id, '|') FROM accounts_by_word"
        #expect(
            try connection.text(of: words) == """
                com 1|com 2|doe+x@mail.example.com 1|example.com 1|mail.example.com 1|\
                x.com 2|x@mail.example.com 1
                """)

        try connection.execute(
            """
            UPDATE people SET first_name = 'Mary-Jo', id = 99 WHERE id = 5;
            UPDATE people SET last_name = 'x' WHERE id = 7;
            DELETE FROM people WHERE id = 6;
            UPDATE accounts SET email = 'a-b@c.com', id = 9 WHERE id = 1;
            UPDATE accounts SET role = 'admin' WHERE id = 2;
            DELETE FROM accounts WHERE id = 2;
            """)
        #expect(
            try connection.text(of: people)
                == keys(
                    "2 berg-o'neil mary-jo", "2 der berg-o'neil mary-jo", "2 neil mary-jo",
                    "2 o'neil mary-jo", "3 jo van der berg-o'neil", "3 luc x"))
        #expect(try connection.text(of: words) == "b@c.com 9|c.com 9|com 9")
        #expect(
            try connection.text(of: "SELECT count(*) FROM people_by_name")
                == connection.text(of: "SELECT count(*) FROM person_keys"))
    }

    @Test func `sessions that were open before the upgrade are counted`() throws {
        try Migrations(steps: Array(Migrations().steps.prefix(3))).run(on: connection)
        try connection.execute(
            """
            INSERT INTO accounts VALUES (3, 'ann@example.com', '$2b$10$hash', 'user', 0, 50);
            INSERT INTO sessions VALUES (7, 3, 1, 2, NULL, 0, 0, NULL, 1, 1, NULL, 1, '', ''),
                (8, 3, 1, 2, 2, 0, 0, NULL, 1, 1, NULL, 1, '', '');
            """)

        try Migrations().run(on: connection)

        #expect(try connection.text(of: "SELECT number FROM sessions_count") == "1")
        #expect(try connection.text(of: "SELECT number FROM people_count") == "0")
        #expect(try connection.text(of: "SELECT number FROM accounts_count") == "1")
        try connection.execute("DELETE FROM accounts")
        #expect(try connection.text(of: "SELECT number FROM accounts_count") == "0")
    }
}
