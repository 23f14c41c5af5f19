import CSQLite
import Identity

/// The current row of a statement, valid until the statement moves to another row or ends.
///
/// Columns are numbered from 0. If a statement has more than one column, an enum names the columns
/// in their order. The enum's raw values are the column numbers, so its use costs nothing at run
/// time.
struct Row {
    private let statement: OpaquePointer
    /// The number of columns that precede the first column of this value.
    private let start: Int32

    /// Creates the current row of a statement, from its column `start` on.
    init(statement: OpaquePointer, start: Int32 = 0) {
        self.statement = statement
        self.start = start
    }

    /// Returns the part of the row that begins with a column, such as the columns of the account in
    /// a row of `sessions JOIN accounts`.
    @inline(__always)
    func from(_ column: some RawRepresentable<Int32>) -> Row {
        Row(statement: statement, start: start + column.rawValue)
    }

    /// Returns the integer in a column.
    func number(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, start + column) }

    /// Returns the integer in a column, or `nil` for NULL.
    func numberIfAny(_ column: Int32) -> Int64? {
        sqlite3_column_type(statement, start + column) == SQLITE_NULL ? nil : number(column)
    }

    /// Returns the time in a column, which is stored as milliseconds since 1970.
    func moment(_ column: Int32) -> Timestamp { Timestamp(milliseconds: number(column)) }

    /// Returns the time in a column, or `nil` for NULL.
    func momentIfAny(_ column: Int32) -> Timestamp? {
        numberIfAny(column).map(Timestamp.init(milliseconds:))
    }

    /// Returns the string in a column, including any NUL bytes.
    func text(_ column: Int32) -> String { String(decoding: bytes(column), as: UTF8.self) }

    /// Returns the UTF-8 bytes of the string in a column, in SQLite's memory.
    ///
    /// The bytes are valid until the statement moves to another row or ends.
    func bytes(_ column: Int32) -> UnsafeBufferPointer<UInt8> {
        // "The safest policy is to invoke ... sqlite3_column_text() followed by
        // sqlite3_column_bytes()" (documentation of sqlite3_column_blob).
        let text = sqlite3_column_text(statement, start + column)
        return UnsafeBufferPointer(
            start: text,
            count: text == nil ? 0 : Int(sqlite3_column_bytes(statement, start + column)))
    }
}

/// These methods do the same as those above, but take a case of an enum of columns.
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
