import CSQLite

/// A prepared statement, which is compiled once and kept as long as its connection.
///
/// Parameters are numbered from 1 and keep their values until they are bound again. Columns are
/// numbered from 0.
final class Statement {
    let sql: String
    private let connection: Connection
    private let handle: OpaquePointer

    /// Compiles an SQL statement.
    init(_ sql: String, on connection: Connection) throws(SQLiteError) {
        self.sql = sql
        self.connection = connection
        var compiled: OpaquePointer?
        let code = sqlite3_prepare_v3(
            connection.handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &compiled, nil)
        guard code == SQLITE_OK, let compiled else {
            throw SQLiteError(
                code: code, call: "sqlite3_prepare_v3", connection: connection.handle, sql: sql)
        }
        handle = compiled
    }

    deinit { sqlite3_finalize(handle) }

    /// Binds an integer to a parameter.
    func bind(_ index: Int32, _ number: Int64) throws(SQLiteError) -> Statement {
        try check(sqlite3_bind_int64(handle, index, number), "sqlite3_bind_int64")
        return self
    }

    /// Binds an integer or NULL to a parameter.
    func bind(_ index: Int32, _ number: Int64?) throws(SQLiteError) -> Statement {
        if let number { return try bind(index, number) }
        try check(sqlite3_bind_null(handle, index), "sqlite3_bind_null")
        return self
    }

    /// Binds a copy of a string, including any NUL bytes, to a parameter.
    func bind(_ index: Int32, _ text: String) throws(SQLiteError) -> Statement {
        var text = text
        let code = text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { bytes in
                CSQLite_bind_text(handle, index, bytes.baseAddress, UInt64(bytes.count))
            }
        }
        try check(code, "sqlite3_bind_text64")
        return self
    }

    /// Binds a copy of a string, or NULL, to a parameter.
    func bind(_ index: Int32, _ text: String?) throws(SQLiteError) -> Statement {
        if let text { return try bind(index, text) }
        try check(sqlite3_bind_null(handle, index), "sqlite3_bind_null")
        return self
    }

    /// Runs the statement to its end and ignores its rows.
    func run() throws(SQLiteError) {
        defer { sqlite3_reset(handle) }
        while true {
            switch sqlite3_step(handle) {
            case SQLITE_ROW: continue
            case SQLITE_DONE: return
            case let code: throw error(code, "sqlite3_step")
            }
        }
    }

    /// Runs the statement until its first row and reads that row; returns `nil` if there are no
    /// rows.
    func first<Result>(_ read: (Row) throws -> Result) throws -> Result? {
        defer { sqlite3_reset(handle) }
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return try read(Row(statement: handle))
        case SQLITE_DONE: return nil
        case let code: throw error(code, "sqlite3_step")
        }
    }

    /// Runs the statement and calls the body for each of its rows.
    func forEach(_ body: (Row) throws -> Void) throws {
        try forEachWhile { row in
            try body(row)
            return true
        }
    }

    /// Runs the statement and calls the body for its rows, until the body returns `false`.
    @inline(__always)
    func forEachWhile(_ body: (Row) throws -> Bool) throws {
        // A nested call on the same statement would restart it at its first row.
        guard sqlite3_stmt_busy(handle) == 0 else { throw error(SQLITE_MISUSE, "sqlite3_step") }
        defer { sqlite3_reset(handle) }
        while true {
            switch sqlite3_step(handle) {
            case SQLITE_ROW: guard try body(Row(statement: handle)) else { return }
            case SQLITE_DONE: return
            case let code: throw error(code, "sqlite3_step")
            }
        }
    }

    private func check(_ code: Int32, _ call: String) throws(SQLiteError) {
        guard code == SQLITE_OK else { throw error(code, call) }
    }

    private func error(_ code: Int32, _ call: String) -> SQLiteError {
        SQLiteError(code: code, call: call, connection: connection.handle, sql: sql)
    }
}
