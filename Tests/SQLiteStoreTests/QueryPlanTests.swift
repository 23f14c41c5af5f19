import Testing

@testable import SQLiteStore

/// How SQLite finds the rows of a statement.
///
/// SQLite's manual says that the wording of a plan may change between versions, so only the names of
/// tables and indexes are compared, and whether a whole table is read or sorted.
struct QueryPlanTests {
    /// A step of a plan.
    private enum Step: Equatable {
        /// Rows of this table or index are found by a key.
        case search(String)
        /// The whole table or index is read.
        case scan(String)
        /// Rows are sorted.
        case sort
    }

    let directory: TemporaryDirectory
    let rows: SQLiteRows

    init() throws {
        directory = try TemporaryDirectory()
        rows = try SQLiteRows(path: directory.database, for: .writing)
    }

    @Test func `the rows that every request reads are found by number`() throws {
        let byNumber = [Step.search("sessions"), .search("accounts")]

        #expect(try plan(rows.sessionStatements.status) == byNumber)
        #expect(try plan(rows.sessionStatements.byID) == byNumber)
    }

    @Test func `live sessions are found in their order, past any number of ended ones`() throws {
        let alive = Step.search("sessions_alive")

        #expect(try plan(rows.sessionStatements.ofAccount) == [alive])
        #expect(try plan(rows.sessionStatements.endAllBut) == [alive])
        #expect(try plan(rows.sessionStatements.endOldest) == [.search("sessions"), alive])
    }

    @Test func `the events of an account or a session are found without a scan or a sort`() throws {
        let statements = rows.eventStatements

        #expect(
            try plan(statements.newestOfSession)
                == [.search("events_by_session"), .search("refreshes_by_session")])
        #expect(
            try plan(statements.newestOfAccount)
                == [.search("events_by_account"), .search("events_by_kind_and_account")])
        // Backwards, to where there are enough.
        #expect(try plan(statements.newest) == [.scan("events")])
    }

    @Test func `a purge reads only the rows that it may delete`() throws {
        #expect(
            try plan(rows.sessionStatements.purge)
                == [.search("sessions"), .search("sessions_by_expiry")])
        #expect(
            try plan(rows.failureStatements.purge)
                == [.search("failures"), .search("failures_by_age")])
        let statements = rows.eventStatements
        // The subquery is min(id), the beginning of the table.
        #expect(try plan(statements.purge) == [.search("events"), .search("events")])
        for (statement, index) in [
            (statements.purgeKind, "events_by_kind"),
            (statements.purgeRefreshesOfSession, "refreshes_by_session"),
            (statements.purgeKindOfAccount, "events_by_kind_and_account"),
        ] {
            #expect(
                try plan(statement) == [.search("events"), .search(index), .search(index)])
        }
    }

    @Test func `events of a kind are counted in their indexes`() throws {
        let statements = rows.eventStatements

        #expect(try plan(statements.sessionsWithRefreshes) == [.search("refreshes_by_session")])
        #expect(
            try plan(statements.accountsWithMoreOfKind)
                == [.search("events_by_kind_and_account")])
    }

    @Test func `a page of people is read in one place, in its order`() throws {
        #expect(try plan(rows.personStatements.byName) == [.search("people_by_name")])
        #expect(try plan(rows.personStatements.allAfter) == [.search("people")])
    }

    @Test func `a page of accounts by address is read in one place, in its order`() throws {
        #expect(
            try plan(rows.accountStatements.byAddress) == [.search("sqlite_autoindex_accounts_1")])
        #expect(
            try plan(rows.accountStatements.byWord)
                == [.search("accounts_by_word"), .search("accounts")])
    }

    @Test func `an account is found by its address, in the same or another spelling`() throws {
        #expect(
            try plan(rows.accountStatements.byEmail) == [
                .search("sqlite_autoindex_accounts_1"), .search("accounts_by_key"),
            ])
    }

    @Test func `the triggers find the words of one person or account by their keys`() throws {
        let schema = try Statement(
            """
            SELECT group_concat(sql, ' ') FROM sqlite_schema WHERE type = 'trigger'
            AND (sql LIKE '%DELETE FROM people_by_name%' OR sql LIKE '%DELETE FROM accounts_by_%')
            """, on: rows.connection
        ).first { $0.text(0) }
        let bodies = try #require(schema).split(separator: "DELETE FROM").dropFirst()
            .map { "DELETE FROM\($0.prefix { $0 != ";" })" }
            .filter { $0.contains("WHERE") }

        #expect(bodies.count == 4)
        for body in bodies {
            let sql = body.replacing("old.id", with: "?1")
            let steps = try plan(Statement(sql, on: rows.connection))
            let table = body.contains("people") ? "people" : "accounts"
            #expect(
                !steps.contains(.scan(table)) && !steps.contains(.scan("\(table)_by_name"))
                    && !steps.contains(.scan("\(table)_by_word")), "\(sql)")
        }
    }

    private func plan(_ statement: Statement) throws -> [Step] {
        var steps: [Step] = []
        try Statement("EXPLAIN QUERY PLAN " + statement.sql, on: rows.connection).forEach { row in
            let words = row.text(3).split(separator: " ").map(String.init)
            // Since version 3.36 the table's name follows SEARCH or SCAN, and an index's name
            // follows the word INDEX.
            var name = words.dropFirst().first ?? ""
            if let index = words.firstIndex(of: "INDEX") { name = words[index + 1] }
            if words.first == "SEARCH" { steps.append(.search(name)) }
            if words.first == "SCAN" { steps.append(.scan(name)) }
            if words.contains("B-TREE") { steps.append(.sort) }
        }
        return steps
    }
}
