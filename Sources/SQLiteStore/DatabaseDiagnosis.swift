import CSQLite
public import Identity

/// Examines a database file for problems without changing it.
///
/// A server may have the file open during the examination. If no process has the file open, it is
/// read without a lock, so that SQLite creates no other file beside it.
public struct DatabaseDiagnosis {
    private let connection: Connection

    /// Opens an existing file.
    ///
    /// - Parameters:
    ///   - path: The path of the file.
    ///   - immutable: Whether no process has the file open. This is the case if no `-wal` file is
    ///     beside it.
    /// - Throws: `SQLiteError`.
    public init(path: String, immutable: Bool) throws {
        connection = try Connection(
            path: path, createIfMissing: false, mayWrite: false, immutable: immutable)
    }

    /// The version of the tables; see also `DatabaseFile.knownVersion`.
    ///
    /// - Throws: `SQLiteError`.
    public var version: Int64 {
        get throws { try first("PRAGMA user_version") { $0.number(0) } ?? 0 }
    }

    /// The first damage that `PRAGMA quick_check` finds; `nil` if the file is undamaged.
    ///
    /// The check reads the whole file, which takes about a second for each gigabyte.
    ///
    /// - Throws: `SQLiteError`.
    public var damage: String? {
        get throws {
            do {
                let finding = try first("PRAGMA quick_check(1)") { $0.text(0) } ?? "no answer"
                return finding == "ok" ? nil : finding
            } catch let error as SQLiteError
                where [SQLITE_CORRUPT, SQLITE_NOTADB].contains(error.code & 0xFF)
            {
                return error.message
            }
        }
    }

    /// Whether the file has an administrator account that is not disabled.
    ///
    /// - Throws: `SQLiteError`.
    public var hasAdministrator: Bool {
        get throws {
            try first("SELECT 1 FROM accounts WHERE role = 'admin' AND is_disabled = 0") { _ in
                true
            } ?? false
        }
    }

    /// The time of the newest event; `nil` if there are no events.
    ///
    /// - Throws: `SQLiteError`.
    public var newestEvent: Timestamp? {
        get throws {
            try first("SELECT at FROM events ORDER BY id DESC LIMIT 1") { $0.moment(0) }
        }
    }

    private func first<Value>(_ sql: String, _ value: (Row) throws -> Value) throws -> Value? {
        try Statement(sql, on: connection).first(value)
    }
}
