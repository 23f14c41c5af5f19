import CSQLite
import Identity

/// A statement that is compiled once and kept for the life of its connection.
///
/// Parameters count from 1 and stay bound until they are bound again; columns count from 0.
final class Statement {
    let sql: String
    private let connection: Connection
    private let handle: OpaquePointer

    /// Compiles a statement.
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

    /// Binds a number.
    func bind(_ index: Int32, _ number: Int64) throws(SQLiteError) -> Statement {
        try check(sqlite3_bind_int64(handle, index, number), "sqlite3_bind_int64")
        return self
    }

    /// Binds a number or NULL.
    func bind(_ index: Int32, _ number: Int64?) throws(SQLiteError) -> Statement {
        if let number { return try bind(index, number) }
        try check(sqlite3_bind_null(handle, index), "sqlite3_bind_null")
        return self
    }

    /// Binds a copy of a text, NUL bytes included.
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

    /// Binds a copy of a text or NULL.
    func bind(_ index: Int32, _ text: String?) throws(SQLiteError) -> Statement {
        if let text { return try bind(index, text) }
        try check(sqlite3_bind_null(handle, index), "sqlite3_bind_null")
        return self
    }

    /// Runs the statement to its end.
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

    /// Runs the statement to its first row, if there is one.
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
        // Inside its own body the statement would start again from its first row.
        guard sqlite3_stmt_busy(handle) == 0 else { throw error(SQLITE_MISUSE, "sqlite3_step") }
        defer { sqlite3_reset(handle) }
        while true {
            switch sqlite3_step(handle) {
            case SQLITE_ROW: try body(Row(statement: handle))
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

/// The row that a statement stands on, for the length of one call.
struct Row {
    fileprivate let statement: OpaquePointer

    /// The number in a column.
    func number(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }

    /// The number in a column, or `nil` for NULL.
    func numberIfAny(_ column: Int32) -> Int64? {
        sqlite3_column_type(statement, column) == SQLITE_NULL ? nil : number(column)
    }

    /// The moment in a column, stored as milliseconds since 1970.
    func moment(_ column: Int32) -> Timestamp { Timestamp(milliseconds: number(column)) }

    /// The moment in a column, or `nil` for NULL.
    func momentIfAny(_ column: Int32) -> Timestamp? {
        numberIfAny(column).map(Timestamp.init(milliseconds:))
    }

    /// The text in a column, NUL bytes included.
    func text(_ column: Int32) -> String { String(decoding: bytes(column), as: UTF8.self) }

    /// The text in a column as SQLite's own UTF-8, good until the statement moves on.
    func bytes(_ column: Int32) -> UnsafeBufferPointer<UInt8> {
        // "The safest policy is to invoke ... sqlite3_column_text() followed by
        // sqlite3_column_bytes()" (sqlite3_column_blob).
        let start = sqlite3_column_text(statement, column)
        return UnsafeBufferPointer(
            start: start, count: start == nil ? 0 : Int(sqlite3_column_bytes(statement, column)))
    }
}
