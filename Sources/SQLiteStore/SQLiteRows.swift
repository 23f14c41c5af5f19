import Identity

/// The rows of a database, which are accessed over one connection with its prepared statements.
///
/// The readers and the writer of a store have this same type. A reader is passed on only as
/// `any Rows`, and its connection refuses to write.
final class SQLiteRows: WritableRows {
    /// The purpose of a connection.
    enum Purpose { case reading, writing }

    let connection: Connection
    let accountStatements: AccountStatements
    let sessionStatements: SessionStatements
    let failureStatements: FailureCounterStatements
    let eventStatements: EventStatements
    let personStatements: PersonStatements
    private let beginReading: Statement
    private let endReading: Statement

    /// Opens a connection to a database file.
    ///
    /// - Parameters:
    ///   - path: The path of the file.
    ///   - purpose: The purpose of the connection.
    ///   - createIfMissing: Whether a connection for writing creates a missing file.
    /// - Throws: `SQLiteError`, `SQLiteStoreError`.
    init(path: String, for purpose: Purpose, createIfMissing: Bool = true) throws {
        connection = try Connection(
            path: path, createIfMissing: createIfMissing && purpose == .writing)
        switch purpose {
        case .reading: try connection.execute("PRAGMA query_only = ON")
        case .writing: try connection.setUpForWriting()
        }
        accountStatements = try AccountStatements(on: connection)
        sessionStatements = try SessionStatements(on: connection)
        failureStatements = try FailureCounterStatements(on: connection)
        eventStatements = try EventStatements(on: connection)
        personStatements = try PersonStatements(on: connection)
        beginReading = try Statement("BEGIN", on: connection)
        endReading = try Statement("COMMIT", on: connection)
    }

    /// Runs a body on one consistent state of the database.
    func read<Result>(_ body: (any Rows) throws -> Result) throws -> Result {
        try beginReading.run()
        defer { if connection.isInTransaction { try? endReading.run() } }
        return try body(self)
    }

    /// Runs a statement that changes rows.
    ///
    /// - Returns: The number of changed rows.
    @discardableResult
    func change(with statement: Statement) throws -> Int64 {
        // A full disk may have rolled the transaction back. The statement would then run and commit
        // in a transaction of its own.
        guard connection.isInTransaction else { throw SQLiteStoreError.transactionLost }
        try statement.run()
        return connection.changes
    }

    /// Runs a statement that changes rows, and returns the IDs of these rows.
    func numbers(changedWith statement: Statement) throws -> [Int64] {
        guard connection.isInTransaction else { throw SQLiteStoreError.transactionLost }
        var numbers: [Int64] = []
        try statement.forEach { numbers.append($0.number(0)) }
        return numbers
    }

    /// Runs a statement that must change exactly one row.
    ///
    /// - Throws: `SQLiteStoreError.missingRow` if it changes no row.
    func changeRow(of table: String, with statement: Statement) throws {
        guard try change(with: statement) == 1 else {
            throw SQLiteStoreError.missingRow(table: table)
        }
    }

    /// Writes the version of the database without changing it, so that the commit must reach the
    /// disk.
    func touch() throws {
        let version = try Statement("PRAGMA user_version", on: connection).first { $0.number(0) }
        try connection.execute("PRAGMA user_version = \(version ?? 0)")
    }

    func reserveIDs(upTo number: Int64) throws {
        // "SQLite keeps track of the largest ROWID using an internal table named sqlite_sequence
        // ... The content can be modified using ordinary UPDATE, INSERT, and DELETE statements"
        // (https://sqlite.org/autoinc.html). A table has an entry in sqlite_sequence only after its
        // first row was inserted.
        for table in ["accounts", "people"] {
            let raise = try Statement(
                "UPDATE sqlite_sequence SET seq = max(seq, ?2) WHERE name = ?1", on: connection)
            guard try change(with: raise.bind(1, table).bind(2, number)) == 0 else { continue }
            let begin = try Statement("INSERT INTO sqlite_sequence VALUES (?1, ?2)", on: connection)
            try change(with: begin.bind(1, table).bind(2, number))
        }
    }
}
