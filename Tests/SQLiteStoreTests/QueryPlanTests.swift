import Testing

@testable import SQLiteStore

/// How SQLite finds the rows of a statement, in its own words.
struct QueryPlanTests {
    let directory: TemporaryDirectory
    let rows: SQLiteRows

    init() throws {
        directory = try TemporaryDirectory()
        rows = try SQLiteRows(path: directory.database, for: .writing)
    }

    @Test func `the rows that every request reads are found by number`() throws {
        let byNumber = [
            "SEARCH sessions USING INTEGER PRIMARY KEY (rowid=?)",
            "SEARCH accounts USING INTEGER PRIMARY KEY (rowid=?)",
        ]

        #expect(try plan(rows.sessionStatements.status) == byNumber)
        #expect(try plan(rows.sessionStatements.byID) == byNumber)
    }

    @Test func `live sessions are found in their order, past any number of ended ones`() throws {
        let alive = "SEARCH sessions USING INDEX sessions_alive (account_id=?)"

        #expect(try plan(rows.sessionStatements.ofAccount) == [alive])
        #expect(try plan(rows.sessionStatements.endAllBut) == [alive])
        #expect(
            try plan(rows.sessionStatements.endOldest) == [
                "SEARCH sessions USING INTEGER PRIMARY KEY (rowid=?)", "LIST SUBQUERY 1", alive,
            ])
    }

    @Test func `the events of an account or a session are found without a scan`() throws {
        let statements = rows.eventStatements

        #expect(
            try plan(statements.newestOfSession) == [
                "SEARCH events USING INDEX events_by_session (session_id=?)"
            ])
        #expect(
            try plan(statements.newestOfAccount) == [
                "SEARCH events USING INDEX events_by_account (account_id=?)"
            ])
        // Backwards, to where there are enough: a sort would be a line more.
        #expect(try plan(statements.newest) == ["SCAN events"])
    }

    @Test func `a purge reads only the rows that it may delete`() throws {
        #expect(
            try plan(rows.sessionStatements.purge) == [
                "SEARCH sessions USING INTEGER PRIMARY KEY (rowid=?)", "LIST SUBQUERY 1",
                "SEARCH sessions USING COVERING INDEX sessions_by_expiry (expires_at<?)",
            ])
        #expect(
            try plan(rows.failureStatements.purge) == [
                "SEARCH failures USING INTEGER PRIMARY KEY (rowid=?)", "LIST SUBQUERY 1",
                "SEARCH failures USING COVERING INDEX failures_by_age (last_at<?)",
            ])
        // The subqueries are min(id) and max(id): either end of the table.
        #expect(
            try plan(rows.eventStatements.purge) == [
                "SEARCH events USING INTEGER PRIMARY KEY (rowid<?)",
                "SCALAR SUBQUERY 1", "SEARCH events", "SCALAR SUBQUERY 2", "SEARCH events",
            ])
    }

    @Test func `a page of people is read in one place, in its order`() throws {
        let range = "name_order=? AND (name,id)>(?,?) AND name<?"

        #expect(
            try plan(rows.personStatements.byName) == [
                "SEARCH people_by_name USING PRIMARY KEY (\(range))"
            ])
    }

    @Test func `a page of accounts by address is read in one place, in its order`() throws {
        #expect(
            try plan(rows.accountStatements.byAddress) == [
                "SEARCH accounts USING INDEX sqlite_autoindex_accounts_1 (email>? AND email<?)"
            ])
    }

    @Test func `an account is found by its address, in the same or another spelling`() throws {
        let plan = try plan(rows.accountStatements.byEmail).filter { $0.hasPrefix("S") }

        #expect(plan.count == 2)
        #expect(
            plan[0].hasPrefix("SEARCH accounts USING INDEX sqlite_autoindex_accounts_1 (email=?)"))
        #expect(plan[1].hasPrefix("SEARCH accounts USING INDEX accounts_by_key (address_key=?)"))
    }

    private func plan(_ statement: Statement) throws -> [String] {
        var lines: [String] = []
        try Statement("EXPLAIN QUERY PLAN " + statement.sql, on: rows.connection)
            .forEach { lines.append($0.text(3)) }
        return lines
    }
}
