import Identity
import Testing

@testable import SQLiteStore

/// What the tables are asked to see to themselves.
struct SQLiteRowsTests {
    let directory: TemporaryDirectory
    let rows: SQLiteRows

    init() throws {
        directory = try TemporaryDirectory()
        rows = try SQLiteRows(path: directory.database, for: .writing)
    }

    @Test func `an event is never changed`() throws {
        let login = Event(.login, by: .owner, at: Timestamp(seconds: 1), account: 5, session: 7)
        try rows.connection.transaction { try rows.record(login) }

        for column in ["id", "at", "kind", "account_id", "detail"] {
            let error = #expect(throws: SQLiteError.self) {
                try rows.connection.execute("UPDATE events SET \(column) = 2")
            }
            #expect(error?.message == "events are never changed")
        }

        #expect(try rows.events(Event.Filter(limit: 10)) == [login])
    }

    @Test(arguments: ["kind", "actor"])
    func `an event of a newer version is not read as another kind`(column: String) throws {
        let values = column == "kind" ? "'teleported', 'owner'" : "'login', 'daemon'"
        try rows.connection.execute(
            """
            INSERT INTO events (at, kind, actor, session_id, address, detail)
            VALUES (1, \(values), 7, '', '')
            """)

        for filter in [Event.Filter(limit: 10), Event.Filter(session: 7, limit: 10)] {
            #expect(throws: SQLiteStoreError.unknownValue(column: "events.\(column)")) {
                _ = try rows.events(filter)
            }
        }
        #expect(try rows.events(Event.Filter(kinds: [.logout], limit: 10)) == [])
    }

    @Test func `failures are counted, whichever program writes them`() throws {
        let other = try Connection(path: directory.database, createIfMissing: false)
        let failures = FailureCounter(
            count: 1, lastAt: Timestamp(seconds: 1), nextAt: Timestamp(seconds: 2))
        try rows.connection.transaction {
            for key in Int64(1)...9 { try rows.setFailureCounter(failures, key) }
            try rows.setFailureCounter(failures, 9)
        }
        #expect(try rows.failureStatements.count.first { $0.number(0) } == 9)

        try other.execute("DELETE FROM failures WHERE key > 6")
        try other.execute("INSERT INTO failures VALUES (10, 1, 1, 1)")

        #expect(try rows.failureStatements.count.first { $0.number(0) } == 7)
        try other.execute("DELETE FROM failures")
        #expect(try rows.failureStatements.count.first { $0.number(0) } == 0)
    }

    @Test func `a missing count of failures is an error, not zero`() throws {
        try rows.connection.execute("DELETE FROM failures_count")

        try rows.connection.transaction {
            #expect(throws: SQLiteStoreError.missingRow(table: "failures_count")) {
                try rows.purgeFailures(before: Timestamp(seconds: 0), bound: 1, limit: 1)
            }
        }
    }

    @Test func `sessions are not ended outside of a transaction`() throws {
        let ann = try rows.addSampleAccountInTransaction()

        #expect(throws: SQLiteStoreError.transactionLost) {
            _ = try rows.endSessions(of: ann.id, except: nil, at: Timestamp(seconds: 1_100))
        }

        #expect(try rows.session(id: 7)?.session.endedAt == nil)
    }
}

extension SQLiteRows {
    /// Adds an account with session 7.
    fileprivate func addSampleAccountInTransaction() throws -> Account {
        try connection.execute("BEGIN IMMEDIATE")
        let ann = try addSampleAccount()
        _ = try addSession(.sample(id: 7, of: ann))
        try connection.execute("COMMIT")
        return ann
    }
}
