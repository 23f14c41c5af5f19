import Directory
import Glibc
import Identity
import Testing
import Threads

@testable import SQLiteStore

struct MigrationsTests {
    let directory: TemporaryDirectory
    let connection: Connection
    private static let newest = "\(DatabaseFile.knownVersion)"

    init() throws {
        directory = try TemporaryDirectory()
        connection = try Connection(path: directory.database, createIfMissing: true)
    }

    @Test func `a fresh file gets all tables, each strict`() throws {
        try Migrations().run(on: connection)

        #expect(try connection.text(of: "PRAGMA user_version") == Self.newest)
        let tables = [
            "accounts", "sessions", "people", "people_by_name", "people_count", "byte_positions",
            "accounts_by_word", "accounts_count", "failures",
            "failures_count", "events", "sessions_count",
        ]
        for table in tables {
            let isStrict = try connection.text(
                of: "SELECT strict FROM pragma_table_list WHERE name = '\(table)'")
            #expect(isStrict == "1", "\(table)")
        }
    }

    @Test(arguments: 1...ReleasedMigrations.all.count)
    func `the embedded migrations make the same tables as the released ones`(
        steps: Int
    ) throws {
        let released = try Connection(temporary: ())
        let embedded = try Connection(temporary: ())

        try Migrations(steps: Array(ReleasedMigrations.all.prefix(steps))).run(on: released)
        try Migrations(steps: Array(Migrations().steps.prefix(steps))).run(on: embedded)

        let schema = try schema(of: embedded)
        #expect(schema == (try self.schema(of: released)))
        #expect(schema.count > 5)
    }

    private func schema(of connection: Connection) throws -> [String] {
        var schema: [String] = []
        try Statement(
            "SELECT type || ' ' || name || ': ' || coalesce(sql, '') FROM sqlite_schema",
            on: connection
        ).forEach { schema.append($0.text(0)) }
        return schema
    }

    @Test func `sessions are found by account and by expiry without a scan`() throws {
        try Migrations().run(on: connection)

        for column in ["account_id", "expires_at"] {
            let plan = try Statement(
                "EXPLAIN QUERY PLAN SELECT id FROM sessions WHERE \(column) < 1", on: connection
            ).first { $0.text(3) }
            #expect(try #require(plan).contains("INDEX sessions_by_"), "\(column)")
        }
    }

    @Test func `an existing file gets only the steps it has not seen, and keeps its rows`() throws {
        var migrations = Migrations()
        try migrations.run(on: connection)
        try connection.execute("INSERT INTO people (first_name, last_name) VALUES ('A', 'B')")
        migrations.steps.append("ALTER TABLE people ADD COLUMN nickname TEXT")

        try migrations.run(on: connection)
        try migrations.run(on: connection)

        #expect(try connection.text(of: "PRAGMA user_version") == "\(migrations.steps.count)")
        #expect(try connection.text(of: "SELECT first_name FROM people") == "A")
        #expect(try connection.text(of: "SELECT count(nickname) FROM people") == "0")
    }

    @Test func `a file of the first version keeps every row, and its sessions live on`() throws {
        try Migrations(steps: Array(Migrations().steps.prefix(1))).run(on: connection)
        try connection.execute("PRAGMA foreign_keys = ON")
        try connection.execute(
            """
            INSERT INTO accounts VALUES (3, 'ann@example.com', '$2b$10$hash', 'admin', 0, 50);
            INSERT INTO sessions VALUES (7, 3, 1000, 9000, 0, 1000, NULL);
            INSERT INTO sessions VALUES (9223372036854775807, 3, 1001, 9001, 41, 2001, 3001);
            INSERT INTO people VALUES (5, 'A', 'B');
            """)

        let rows = try SQLiteRows(path: directory.database, for: .writing)

        #expect(try connection.text(of: "PRAGMA user_version") == Self.newest)
        #expect(try connection.text(of: "PRAGMA integrity_check") == "ok")
        let ann = try #require(try rows.account(id: 3))
        #expect(try rows.accounts().map(\.email) == ["ann@example.com"])
        #expect(try rows.passwordHash(of: 3) == "$2b$10$hash")
        #expect(try rows.people() == [Person(id: 5, firstName: "A", lastName: "B")])

        let login = Session.ofVersionOne(id: 7, from: 1_000, to: 9_000, generation: 0, at: 1_000)
        let rotated = Session.ofVersionOne(
            id: .max, from: 1_001, to: 9_001, generation: 41, at: 2_001, endedAt: 3_001)
        #expect(try rows.session(id: 7)?.session == login)
        #expect(try rows.session(id: .max)?.session == rotated)
        #expect(try rows.session(id: .max)?.account == ann)
        let live = try rows.liveSessions(of: 3, at: Timestamp(milliseconds: 8_999))
        #expect(live == [login])
        #expect(try rows.status(of: 7)?.account == ann)

        try rows.connection.transaction {
            #expect(throws: SQLiteError.self) {
                try rows.connection.execute("UPDATE sessions SET account_id = 4")
            }
            try rows.removeAccount(id: 3)
        }
        #expect(try connection.text(of: "SELECT count(*) FROM sessions") == "0")
    }

    @Test func `a session whose account was deleted by another program does not stop an upgrade`()
        throws
    {
        try Migrations(steps: Array(Migrations().steps.prefix(1))).run(on: connection)
        // sqlite3 does not enforce foreign keys by default: the sessions of the account stay.
        try connection.execute("PRAGMA foreign_keys = OFF")
        try connection.execute(
            """
            INSERT INTO accounts VALUES (3, 'ann@example.com', '$2b$10$hash', 'user', 0, 50);
            INSERT INTO sessions VALUES (7, 3, 1000, 9000, 0, 1000, NULL);
            INSERT INTO sessions VALUES (8, 4, 1000, 9000, 0, 1000, NULL);
            """)

        let rows = try SQLiteRows(path: directory.database, for: .writing)

        #expect(try rows.session(id: 7)?.account.id == 3)
        #expect(try connection.text(of: "SELECT group_concat(id) FROM sessions") == "7")
        #expect(try connection.text(of: "SELECT count(*) FROM pragma_foreign_key_check") == "0")
    }

    @Test func `a step that fails leaves the file as it was before it`() throws {
        var migrations = Migrations()
        migrations.steps.append("CREATE TABLE half (id INTEGER); SELECT nonsense")

        #expect(throws: SQLiteError.self) { try migrations.run(on: connection) }

        #expect(try connection.text(of: "PRAGMA user_version") == Self.newest)
        let halves = "SELECT count(*) FROM sqlite_schema WHERE name = 'half'"
        #expect(try connection.text(of: halves) == "0")
        #expect(!connection.isInTransaction)
    }

    @Test(arguments: [DatabaseFile.knownVersion + 1, 2_147_483_647, -1])
    func `a file of a newer version is refused and left alone`(version: Int64) throws {
        try connection.execute("PRAGMA user_version = \(version)")

        #expect(
            throws: SQLiteStoreError.newerDatabase(
                version: version, known: DatabaseFile.knownVersion)
        ) {
            _ = try SQLiteStore(path: directory.database)
        }

        #expect(try connection.text(of: "SELECT count(*) FROM sqlite_schema") == "0")
    }

    @Test func `a file that is not a database is refused`() throws {
        try connection.execute("CREATE TABLE t (x)")
        try directory.overwrite("CREATE TABLE t (x)", with: "CREATE NOTHING (x)")

        #expect(throws: SQLiteError.self) { _ = try SQLiteStore(path: directory.database) }
    }

    @Test func `opening waits while another process sets up a new file`() throws {
        try connection.execute("BEGIN IMMEDIATE")
        let path = directory.database

        let opened = Guarded<Result<SQLiteStore, any Error>?>(nil)
        let thread = try Thread(named: "opening") {
            let result = Result { try SQLiteStore(path: path) }
            opened.withLock { $0 = result }
        }
        while openFiles(path) < 2, opened.withLock({ $0 == nil }) { sched_yield() }
        try connection.execute("COMMIT")
        thread.join()

        try #require(opened.withLock { $0 }).get().close()
    }

    @Test func `stores that open a new file at once agree on it`() async throws {
        let fresh = try TemporaryDirectory()

        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let store = try SQLiteStore(path: fresh.database)
                    defer { store.close() }
                    _ = try await store.write { try $0.addPerson(firstName: "A", lastName: "B") }
                }
            }
            try await group.waitForAll()
        }

        let store = try SQLiteStore(path: fresh.database)
        defer { store.close() }
        #expect(try await store.read { try $0.people().count } == 4)
    }
}

/// How many descriptors of this process are a file's.
private func openFiles(_ path: String) -> Int {
    var file = stat()
    guard stat(path, &file) == 0 else { return 0 }
    // Many other tests run in this process, each with files of its own.
    return (0..<Int32(clamping: min(sysconf(Int32(_SC_OPEN_MAX)), 65_536))).count { descriptor in
        var other = stat()
        return fstat(descriptor, &other) == 0 && other.st_dev == file.st_dev
            && other.st_ino == file.st_ino
    }
}

extension Session {
    /// A session of account 3 as it was stored before it knew where it is, its times in
    /// milliseconds: rotated strictly, so that no older token comes again.
    fileprivate static func ofVersionOne(
        id: Session.ID, from startedAt: Int64, to expiresAt: Int64, generation: Int64,
        at rotatedAt: Int64, endedAt: Int64? = nil
    ) -> Session {
        let rotatedAt = Timestamp(milliseconds: rotatedAt)
        return Session(
            id: id, accountID: 3, startedAt: Timestamp(milliseconds: startedAt),
            expiresAt: Timestamp(milliseconds: expiresAt),
            family: RefreshTokenFamily(
                generation: generation, previousGeneration: generation, rotatedAt: rotatedAt,
                lastIssuedAt: rotatedAt, firstUsedAt: nil,
                retryKey: nil),
            seenAt: rotatedAt, client: Client(address: "", device: ""),
            endedAt: endedAt.map(Timestamp.init(milliseconds:)))
    }
}

extension Connection {
    /// The first column of a query's first row.
    func text(of sql: String) throws -> String {
        try #require(try Statement(sql, on: self).first { $0.text(0) })
    }
}
