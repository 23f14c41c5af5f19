import Directory
import Identity
import Testing
import Threads

@testable import SQLiteStore

/// Groups of writes that share a commit.
struct WriterTests {
    struct Mishap: Error {}

    let directory: TemporaryDirectory
    let writer: Writer

    init() throws {
        directory = try TemporaryDirectory()
        writer = try Writer(path: directory.database)
    }

    @Test func `a refused write leaves the other writes of its group`() throws {
        let group = Group()
        group.add { try $0.addPerson(firstName: "A", lastName: "1") }
        group.add { rows in
            _ = try rows.addPerson(firstName: "B", lastName: "2")
            throw Mishap()
        }
        group.add { try $0.addPerson(firstName: "C", lastName: "3") }

        _ = writer.commit(group.writes)

        #expect(group.results.count == 3)
        #expect(group.results[0] == nil && group.results[1] is Mishap && group.results[2] == nil)
        #expect(try names() == ["A", "C"])
    }

    @Test
    func `sessions that a refused write did not end are ended by the next write of its group`()
        throws
    {
        let ended = Guarded<[[Session.ID]]>([])
        let endAll: @Sendable (any WritableRows) throws -> Void = { rows in
            let numbers = try rows.endSessions(of: 1, except: nil, at: Timestamp(seconds: 1_100))
            ended.withLock { $0.append(numbers.sorted()) }
        }
        let group = Group()
        group.add { rows in
            let ann = try rows.addSampleAccount()
            for id in Int64(1)...3 { _ = try rows.addSession(.sample(id: id, of: ann)) }
        }
        group.add { rows in
            try endAll(rows)
            throw Mishap()
        }
        group.add(endAll)
        group.add(endAll)

        _ = writer.commit(group.writes)

        #expect(ended.withLock { $0 } == [[1, 2, 3], [1, 2, 3], []])
        #expect(group.results[1] is Mishap && group.results[3] == nil)
        #expect(try writer.rows.session(id: 3)?.session.endedAt == Timestamp(seconds: 1_100))
        try expectUsable()
    }

    @Test func `no caller gets a result before the commit`() throws {
        let group = Group()
        group.add { try $0.addPerson(firstName: "A", lastName: "1") }
        group.add { [group] rows in
            #expect(group.results.isEmpty)
            return try rows.addPerson(firstName: "B", lastName: "2")
        }

        _ = writer.commit(group.writes)

        #expect(group.results.count == 2)
    }

    @Test func `a failed commit is reported to every caller and leaves the writer usable`() throws {
        let group = Group()
        group.add { try $0.addPerson(firstName: "A", lastName: "1") }
        group.add { _ in throw Mishap() }
        group.add { rows in
            // Foreign keys are then checked by COMMIT, which fails for want of the account.
            try #require(rows as? SQLiteRows).connection
                .execute("PRAGMA defer_foreign_keys = ON")
            let missing = Account(
                id: 99, email: "", role: .user, isDisabled: false,
                createdAt: Timestamp(seconds: 0))
            return try rows.addSession(.sample(of: missing))
        }

        _ = writer.commit(group.writes)

        #expect(group.results.count == 3)
        for error in group.results {
            #expect((error as? SQLiteError)?.sql == "COMMIT")
            #expect((error as? SQLiteError)?.code == 787)
        }
        #expect(try names() == [])
        try expectUsable()
    }

    @Test func `writes are refused while another process holds the lock, and no body runs`() throws
    {
        let other = try Connection(path: directory.database, createIfMissing: false)
        try other.execute("BEGIN IMMEDIATE")
        try writer.rows.connection.execute("PRAGMA busy_timeout = 20")
        let group = Group()
        group.add { try $0.addPerson(firstName: "A", lastName: "1") }

        _ = writer.commit(group.writes)
        try other.execute("COMMIT")

        #expect(group.results.map { $0 as? AuthError } == [.busy])
        #expect(try names() == [])
        try expectUsable()
    }

    @Test func `after a lock timeout, later writes wait only briefly`() throws {
        let other = try Connection(path: directory.database, createIfMissing: false)
        let connection = writer.rows.connection
        try other.execute("BEGIN IMMEDIATE")
        #expect(try connection.text(of: "PRAGMA busy_timeout") == "5000")
        try connection.execute("PRAGMA busy_timeout = 20")
        let group = Group()
        group.add { try $0.addPerson(firstName: "A", lastName: "1") }

        _ = writer.commit(group.writes)
        #expect(try connection.text(of: "PRAGMA busy_timeout") == "100")
        _ = writer.commit(group.writes)
        #expect(try connection.text(of: "PRAGMA busy_timeout") == "100")
        try other.execute("COMMIT")
        _ = writer.commit(group.writes)

        #expect(group.results.map { $0 as? AuthError } == [.busy, .busy, nil])
        #expect(try connection.text(of: "PRAGMA busy_timeout") == "5000")
        #expect(try names() == ["A"])
    }

    @Test func `a full disk is reported to every caller and leaves the writer usable`() throws {
        let connection = writer.rows.connection
        let pages = try connection.text(of: "PRAGMA page_count")
        try connection.execute("PRAGMA max_page_count = \(pages)")
        let group = Group()
        group.add { try $0.addPerson(firstName: "A", lastName: "1") }
        group.add { try $0.record(.tooLong) }
        group.add { try $0.addPerson(firstName: "C", lastName: "3") }

        _ = writer.commit(group.writes)

        #expect(group.results.count == 3)
        for error in group.results { #expect((error as? SQLiteError)?.code == 13) }
        #expect(try names() == [])
        try connection.execute("PRAGMA max_page_count = 1000000")
        try expectUsable()
    }

    @Test func `a body that ignores a full disk cannot commit part of its changes`() throws {
        let connection = writer.rows.connection
        let pages = try connection.text(of: "PRAGMA page_count")
        try connection.execute("PRAGMA max_page_count = \(pages)")
        let group = Group()
        group.add { rows in
            try? rows.record(.tooLong)
            _ = try? rows.addPerson(firstName: "B", lastName: "2")
        }

        _ = writer.commit(group.writes)

        #expect(group.results.count == 1)
        #expect(group.results.first is SQLiteError)
        #expect(try names() == [])
    }

    @Test func `a write waits for another process's lock`() async throws {
        let store = try SQLiteStore(path: directory.database)
        defer { store.close() }
        try writer.rows.connection.execute("BEGIN IMMEDIATE")

        async let added = store.write { try $0.addPerson(firstName: "B", lastName: "2") }
        _ = try writer.rows.addPerson(firstName: "A", lastName: "1")
        try writer.rows.connection.execute("COMMIT")

        #expect(try await added.id > 0)
        #expect(try names().sorted() == ["A", "B"])
    }

    private func names() throws -> [String] { try writer.rows.people().map(\.firstName) }

    private func expectUsable() throws {
        let group = Group()
        group.add { try $0.addPerson(firstName: "Z", lastName: "9") }
        _ = writer.commit(group.writes)
        #expect(group.results.count == 1 && group.results[0] == nil)
        #expect(try names() == ["Z"])
    }
}

extension Event {
    /// More than fits, for a table without triggers: with one, SQLite undoes the statement alone.
    fileprivate static let tooLong = Event(
        .login, by: .owner, at: Timestamp(seconds: 1),
        detail: String(repeating: "x", count: 100_000))
}

/// Writes that are to be committed together, and what their callers got, in that order.
private final class Group: Sendable {
    private let results_ = Guarded<[(any Error)?]>([])
    private let writes_ = Guarded<[Writer.Write]>([])

    var results: [(any Error)?] { results_.withLock { $0 } }
    var writes: [Writer.Write] { writes_.withLock { $0 } }

    func add<Success: Sendable>(
        _ body: @escaping @Sendable (any WritableRows) throws -> Success
    ) {
        let write = Writer.Write(body) { [results_] result in
            results_.withLock { results in
                switch result {
                case .success: results.append(nil)
                case .failure(let error): results.append(error)
                }
            }
        }
        writes_.withLock { $0.append(write) }
    }
}
