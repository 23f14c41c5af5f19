import Identity
import Testing

@testable import SQLiteStore

struct AddressKeyMigrationTests {
    let directory: TemporaryDirectory
    let connection: Connection

    init() throws {
        directory = try TemporaryDirectory()
        connection = try Connection(path: directory.database, createIfMissing: true)
    }

    @Test func `of accounts with one address, the oldest gets the key, and each is still found`()
        throws
    {
        try Migrations(steps: Array(Migrations().steps.prefix(3))).run(on: connection)
        try connection.execute(
            """
            INSERT INTO accounts VALUES
                (1, 'a@xn--bcher-kva.com', 'x', 'user', 0, 200),
                (2, 'A@Bücher.com', 'x', 'user', 0, 100),
                (3, 'a@bu\u{308}cher.com', 'x', 'user', 0, 300),
                (4, 'B@c.com', 'x', 'user', 0, 50), (5, 'an old one', 'x', 'user', 0, 50);
            """)
        let before = try connection.text(of: "SELECT group_concat(id || email) FROM accounts")

        let rows = try SQLiteRows(path: directory.database, for: .writing)

        #expect(
            try connection.text(of: "SELECT group_concat(id || email) FROM accounts") == before)
        #expect(
            try connection.text(
                of: """
                    SELECT group_concat(address_key, ',') FROM (SELECT address_key FROM accounts ORDER BY id)
                    """)
                == " 1 a@xn--bcher-kva.com,a@xn--bcher-kva.com, 3 a@xn--bcher-kva.com,b@c.com,an old one"
        )
        func number(_ email: String) throws -> Account.ID? { try rows.account(email: email)?.id }
        #expect(try number("a@XN--bcher-kva.com") == 1)
        #expect(try number("a@BÜCHER.com") == 2 && number("a@b\u{FC}cher.com") == 2)
        #expect(try number("a@bu\u{308}cher.com") == 3)
        #expect(try number("b@C.com") == 4 && number("An Old One") == 5 && number("a@b.com") == nil)

        try rows.connection.transaction { try rows.removeAccount(id: 2) }
        #expect(try number("a@BÜCHER.com") == 1)
        try rows.connection.transaction { try rows.removeAccount(id: 1) }
        #expect(try number("a@xn--bcher-kva.com") == 3)
        try rows.connection.transaction { try rows.removeAccount(id: 3) }
        #expect(try number("a@xn--bcher-kva.com") == nil)
    }

    @Test func `an account that another program adds is found in any case`() throws {
        let rows = try SQLiteRows(path: directory.database, for: .writing)
        try connection.execute(
            """
            INSERT INTO accounts (email, password_hash, role, is_disabled, created_at) VALUES
                ('Ann@Example.com', 'x', 'user', 0, 1), ('bob@bücher.com', 'x', 'user', 0, 1);
            UPDATE accounts SET email = 'Eve@Example.com' WHERE id = 1;
            """)

        #expect(try rows.account(email: "eve@example.COM")?.id == 1)
        #expect(try rows.account(email: "ann@example.com") == nil)
        #expect(try rows.account(email: "eve@\u{FF45}xample.com")?.id == 1)
        #expect(try rows.account(email: "BOB@bücher.com")?.id == 2)
    }
}
