import CSQLite
import Identity

/// The current row of a statement, valid until the statement moves on.
///
/// Columns are numbered from 0. A statement with more than one column names them in an enum of
/// columns in their order; a raw value costs nothing at run time.
struct Row {
    private let statement: OpaquePointer
    /// The number of columns that precede those of this row.
    private let start: Int32

    /// The row that a statement stands on.
    init(statement: OpaquePointer, start: Int32 = 0) {
        self.statement = statement
        self.start = start
    }

    /// The part of the row that begins with a column, such as the account of a session.
    @inline(__always)
    func from(_ column: some RawRepresentable<Int32>) -> Row {
        Row(statement: statement, start: start + column.rawValue)
    }

    /// The number in a column.
    func number(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, start + column) }

    /// The number in a column, or `nil` for NULL.
    func numberIfAny(_ column: Int32) -> Int64? {
        sqlite3_column_type(statement, start + column) == SQLITE_NULL ? nil : number(column)
    }

    /// The moment in a column, stored as milliseconds since 1970.
    func moment(_ column: Int32) -> Timestamp { Timestamp(milliseconds: number(column)) }

    /// The moment in a column, or `nil` for NULL.
    func momentIfAny(_ column: Int32) -> Timestamp? {
        numberIfAny(column).map(Timestamp.init(milliseconds:))
    }

    /// The text in a column, NUL bytes included.
    func text(_ column: Int32) -> String { String(decoding: bytes(column), as: UTF8.self) }

    /// The text in a column as SQLite's own UTF-8, valid until the statement moves on.
    func bytes(_ column: Int32) -> UnsafeBufferPointer<UInt8> {
        // "The safest policy is to invoke ... sqlite3_column_text() followed by
        // sqlite3_column_bytes()" (sqlite3_column_blob).
        let text = sqlite3_column_text(statement, start + column)
        return UnsafeBufferPointer(
            start: text,
            count: text == nil ? 0 : Int(sqlite3_column_bytes(statement, start + column)))
    }
}

/// The same by the column's name.
extension Row {
    @inline(__always)
    func number(_ column: some RawRepresentable<Int32>) -> Int64 { number(column.rawValue) }

    @inline(__always)
    func numberIfAny(_ column: some RawRepresentable<Int32>) -> Int64? {
        numberIfAny(column.rawValue)
    }

    @inline(__always)
    func moment(_ column: some RawRepresentable<Int32>) -> Timestamp { moment(column.rawValue) }

    @inline(__always)
    func momentIfAny(_ column: some RawRepresentable<Int32>) -> Timestamp? {
        momentIfAny(column.rawValue)
    }

    @inline(__always)
    func text(_ column: some RawRepresentable<Int32>) -> String { text(column.rawValue) }

    @inline(__always)
    func bytes(_ column: some RawRepresentable<Int32>) -> UnsafeBufferPointer<UInt8> {
        bytes(column.rawValue)
    }
}
