import CSQLite
public import Identity

/// A database file as somebody sees it who looks for what is wrong, and changes nothing.
///
/// While a server has the file open it is read beside it. Where none has, it is read without a lock,
/// so that no file appears beside it.
public struct DatabaseDiagnosis {
    private let connection: Connection

    /// Opens a file that is there.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - immutable: Whether nobody has it open: there is no `-wal` beside it.
    /// - Throws: `SQLiteError`.
    public init(path: String, immutable: Bool) throws {
        connection = try Connection(
            path: path, createIfMissing: false, mayWrite: false, immutable: immutable)
    }

    /// The version of the tables; see `DatabaseFile.knownVersion`.
    ///
    /// - Throws: `SQLiteError`.
    public var version: Int64 {
        get throws { try first("PRAGMA user_version") { $0.number(0) } ?? 0 }
    }

    /// What is damaged, by `PRAGMA quick_check`; nil where the file is sound.
    ///
    /// Reads all of it, about a second for each gigabyte.
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

    /// Whether an administrator's account is there and not disabled.
    ///
    /// - Throws: `SQLiteError`.
    public var hasAdministrator: Bool {
        get throws {
            try first("SELECT 1 FROM accounts WHERE role = 'admin' AND is_disabled = 0") { _ in
                true
            } ?? false
        }
    }

    /// When the newest event was; nil where there is none.
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
