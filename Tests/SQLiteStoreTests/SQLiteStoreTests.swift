import Directory
import Glibc
import Identity
import Testing

@testable import SQLiteStore

/// What is particular to SQLite.
struct SQLiteStoreTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test func `the writer has a write-ahead log, full syncs and foreign keys`() throws {
        let connection = try Writer(path: directory.database).rows.connection

        #expect(try connection.text(of: "PRAGMA journal_mode") == "wal")
        #expect(try connection.text(of: "PRAGMA synchronous") == "2")
        #expect(try connection.text(of: "PRAGMA foreign_keys") == "1")
        #expect(try connection.text(of: "PRAGMA busy_timeout") == "5000")
        #expect(try connection.text(of: "PRAGMA cache_size") == "-2000")
    }

    @Test(arguments: ["writer", "reader", "whole file"])
    func `no connection trusts the file`(kind: String) throws {
        let writer = try Writer(path: directory.database)
        let connection =
            switch kind {
            case "writer": writer.rows.connection
            case "reader": try SQLiteRows(path: directory.database, for: .reading).connection
            default: try Connection(path: directory.database, createIfMissing: false)
            }

        #expect(try connection.text(of: "PRAGMA trusted_schema") == "0")
        try connection.execute("PRAGMA writable_schema = ON")
        #expect(throws: SQLiteError.self) {
            try connection.execute("DELETE FROM sqlite_schema")
        }
    }

    @Test func `the files are readable by their owner only, whatever the umask`() throws {
        // The umask is the whole process's; this one takes nothing from anybody.
        let old = umask(0)
        defer { umask(old) }
        let store = try SQLiteStore(path: directory.database)
        defer { store.close() }

        for name in ["", "-wal", "-shm"] {
            var file = stat()
            #expect(stat(directory.database + name, &file) == 0)
            #expect(file.st_mode & 0o777 == 0o600, "\(name)")
        }
    }

    @Test func `the log has its full size from the start and the database stays small`() throws {
        let store = try SQLiteStore(path: directory.database)
        defer { store.close() }

        #expect(try #require(size(of: "-wal")) >= 4 * 1024 * 1024)
        #expect(try #require(size(of: "")) < 64 * 1024)
    }

    @Test func `written rows survive a close`() async throws {
        var store = try SQLiteStore(path: directory.database)
        let ann = try await store.write { try $0.addSampleAccount() }
        store.close()

        #expect(size(of: "-wal") == nil)
        store = try SQLiteStore(path: directory.database)
        defer { store.close() }
        #expect(try await store.read { try $0.accounts() } == [ann])
    }

    @Test func `a closed store refuses everything and can be closed again`() async throws {
        let store = try SQLiteStore(path: directory.database)
        store.close()
        store.close()

        await #expect(throws: SQLiteStoreError.closed) { try await store.read { _ in } }
        await #expect(throws: SQLiteStoreError.closed) { try await store.write { _ in } }
    }

    @Test func `a write is refused if too many are waiting`() async throws {
        let store = try SQLiteStore(path: directory.database, capacity: 1)
        defer { store.close() }
        let other = try Connection(path: directory.database, createIfMissing: false)
        try other.execute("BEGIN IMMEDIATE")

        // The lock holds the writer with one write, a second waits, a third is too many.
        let (done, refused) = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<3 {
                group.addTask {
                    do {
                        _ = try await store.write { try $0.addPerson(firstName: "", lastName: "") }
                        return true
                    } catch {
                        #expect(error as? AuthError == .busy)
                        return false
                    }
                }
            }
            var (done, refused) = (0, 0)
            for await isDone in group {
                if isDone { done += 1 } else { refused += 1 }
                // The first to return is one that was refused; then the others may go on.
                if other.isInTransaction { try? other.execute("COMMIT") }
            }
            return (done, refused)
        }

        #expect(refused >= 1)
        #expect(done == 3 - refused)
        #expect(try await store.read { try $0.people().count } == done)
    }

    @Test func `a reader cannot write`() throws {
        _ = try Writer(path: directory.database)
        let rows = try SQLiteRows(path: directory.database, for: .reading)

        #expect(throws: SQLiteError.self) {
            _ = try rows.read { _ in try rows.addPerson(firstName: "A", lastName: "B") }
        }
    }

    @Test func `a reader keeps its state while others write`() throws {
        let writer = try Writer(path: directory.database)
        let reader = try SQLiteRows(path: directory.database, for: .reading)

        let seen = try reader.read { rows in
            // Not even a row was found: still the state is the one from before the write.
            let before = try rows.person(id: 1)
            try writer.rows.connection.transaction {
                _ = try writer.rows.addPerson(firstName: "A", lastName: "B")
            }
            return [before, try rows.person(id: 1)]
        }

        #expect(seen == [nil, nil])
        #expect(try reader.read { try $0.person(id: 1) } != nil)
    }

    @Test func `a reader does not create a missing file`() throws {
        #expect(throws: SQLiteError.self) {
            _ = try SQLiteRows(path: directory.database, for: .reading)
        }
        #expect(size(of: "") == nil)
    }

    @Test func `no bound value is in an error's description`() throws {
        let writer = try Writer(path: directory.database)
        try writer.rows.connection.execute("BEGIN IMMEDIATE")

        let error = #expect(throws: SQLiteError.self) {
            try writer.rows.connection.execute(
                "CREATE UNIQUE INDEX one_name ON people (first_name)")
            for _ in 1...2 {
                _ = try writer.rows.addPerson(firstName: "secret", lastName: "hidden")
            }
        }

        let text = try #require(error).description
        #expect(text.contains("sqlite3_step: error 2067: UNIQUE constraint failed"))
        #expect(text.contains("INSERT INTO people"))
        #expect(!text.contains("secret") && !text.contains("hidden"))
    }

    @Test func `a list cannot be restarted from within its own body`() async throws {
        let store = try SQLiteStore(path: directory.database)
        defer { store.close() }
        _ = try await store.write { try $0.addPerson(firstName: "A", lastName: "B") }

        await #expect(throws: SQLiteError.self) {
            try await store.read { rows in
                var calls = 0
                try rows.forEachPerson { _, _, _ in
                    calls += 1
                    // There is one person: a second call is a list that never ends.
                    if calls > 1 { throw StoreTransactionsTests.Mishap() }
                    try rows.forEachPerson { _, _, _ in }
                }
            }
        }
    }

    @Test func `two stores write to one file`() async throws {
        let one = try SQLiteStore(path: directory.database)
        defer { one.close() }
        let other = try SQLiteStore(path: directory.database)
        defer { other.close() }

        try await withThrowingTaskGroup { group in
            for store in [one, other] {
                for _ in 0..<8 {
                    group.addTask {
                        for _ in 0..<25 {
                            _ = try await store.write {
                                try $0.addPerson(firstName: "A", lastName: "B")
                            }
                        }
                    }
                }
            }
            try await group.waitForAll()
        }

        #expect(try await one.read { try $0.people().count } == 400)
        #expect(try await other.read { try $0.people().count } == 400)
    }

    @Test func `a session that one store has ended is ended in every other`() async throws {
        let server = try SQLiteStore(path: directory.database)
        defer { server.close() }
        let command = try SQLiteStore(path: directory.database)
        defer { command.close() }
        let ann = try await server.write { rows in
            let ann = try rows.addSampleAccount()
            _ = try rows.addSession(.sample(id: 7, of: ann))
            return ann
        }

        for round in Int64(1)...50 {
            let end = Timestamp(seconds: 1_000 + round)
            let start = Session.sample(id: 7 + round, of: ann)
            #expect(try await command.status(of: start.id) == nil)
            _ = try await server.write { try $0.addSession(start) }
            #expect(try await command.status(of: start.id)?.endedAt == nil)

            let ended = try await command.write { rows in
                try rows.endSessions(of: ann.id, keeping: 1, at: end)
            }

            #expect(ended == [start.id - 1])
            #expect(try await server.status(of: start.id - 1)?.endedAt == end)
        }
    }

    private func size(of suffix: String) -> Int? {
        var file = stat()
        return stat(directory.database + suffix, &file) == 0 ? Int(file.st_size) : nil
    }
}
