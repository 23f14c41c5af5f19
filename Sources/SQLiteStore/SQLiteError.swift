import CSQLite
import Glibc

/// A call of SQLite's failed.
///
/// What was bound to a statement is never part of it: addresses and hashes stay out of logs.
public struct SQLiteError: Error, Equatable, CustomStringConvertible {
    /// The extended result code; see https://sqlite.org/rescode.html.
    public let code: Int32
    /// The function that returned the code, such as `sqlite3_step`.
    public let call: String
    /// What SQLite says about it, and what the system said to SQLite.
    public let message: String
    /// The statement, with `?` where values were bound; `nil` where there was none.
    public let sql: String?
    /// What the system said to SQLite, see errno(3); 0 where that is not known.
    private(set) var systemError: Int32 = 0

    /// The call, the code, the message and the statement.
    public var description: String {
        let text = "\(call): error \(code): \(message)"
        guard let sql else { return text }
        return "\(text), in \(sql)"
    }
}

extension SQLiteError {
    /// Whether the file is at fault, and neither the disk nor another process.
    public var isDamage: Bool { [SQLITE_CORRUPT, SQLITE_NOTADB].contains(code & 0xFF) }

    /// Whether it is the disk that refuses, and not for want of room or of file descriptors.
    var isRefusalByDisk: Bool {
        switch code & 0xFF {
        case SQLITE_READONLY: true
        case SQLITE_IOERR, SQLITE_CANTOPEN:
            ![ENOSPC, EDQUOT, EMFILE, ENFILE, ENOMEM].contains(systemError)
        default: false
        }
    }

    /// Whether another connection held a lock for longer than we wait.
    var isBusy: Bool { code & 0xFF == SQLITE_BUSY }

    /// Describes a failure with the message that the connection holds of its last call.
    init(code: Int32, call: String, connection: OpaquePointer?, sql: String? = nil) {
        let words = connection.map { sqlite3_errmsg($0) } ?? sqlite3_errstr(code)
        var message = words.map { String(cString: $0) } ?? ""
        var systemError: Int32 = 0
        if let connection {
            systemError = systemErrorBehind(code, on: connection)
            if let reason = reason(for: code, systemError, on: connection) {
                message += " (\(reason))"
            }
        }
        self.init(code: code, call: call, message: message, sql: sql, systemError: systemError)
    }
}

/// Which trouble with the disk it is, where the code leaves that open.
private func reason(
    for code: Int32, _ systemError: Int32, on connection: OpaquePointer
) -> String? {
    // Beside such a file the log cannot be made, and that it then is not there is all that the
    // system would say.
    if code & 0xFF == SQLITE_CANTOPEN, sqlite3_db_readonly(connection, "main") == 1 {
        return "the file can only be read"
    }
    return systemError == 0 ? nil : strerror(systemError).map { String(cString: $0) }
}

/// What the system said where SQLite says "disk I/O error", which may be anything.
private func systemErrorBehind(_ code: Int32, on connection: OpaquePointer) -> Int32 {
    guard [SQLITE_IOERR, SQLITE_CANTOPEN].contains(code & 0xFF) else { return 0 }
    let number = sqlite3_system_errno(connection)
    return number != 0 ? number : CSQLite_log_errno(connection)
}

/// The store cannot do what it is asked, for a reason that is not SQLite's.
public enum SQLiteStoreError: Error, Equatable, CustomStringConvertible {
    /// The store has been closed.
    case closed
    /// The file was made by a newer version of this program.
    case newerDatabase(version: Int64, known: Int64)
    /// The file system cannot hold a database in WAL mode; the mode it has instead.
    case noWriteAheadLog(mode: String)
    /// A full or failing disk has rolled the transaction back under a statement that was part of it.
    case transactionLost
    /// A row that had to exist does not.
    case missingRow(table: String)
    /// A row holds what this version of the program does not know.
    case unknownValue(column: String)

    /// Another process has the file open.
    case inUse
    /// The file is not sound; what SQLite found first.
    case damaged(finding: String)
    /// The file is a database, but has not this table.
    case foreignDatabase(missing: String)

    /// What is wrong, in words for a system administrator.
    public var description: String {
        switch self {
        case .closed: "the store is closed"
        case .newerDatabase(let version, let known):
            "the database has version \(version), made by a newer gatehouse; "
                + "this one knows versions up to \(known)"
        case .noWriteAheadLog(let mode):
            "the file system cannot hold a write-ahead log (journal mode: \(mode))"
        case .transactionLost: "the transaction has been rolled back"
        case .missingRow(let table): "no such row in \(table)"
        case .unknownValue(let column): "unknown value in \(column)"
        case .inUse: "another process has the database open"
        case .damaged(let finding): "the database is damaged: \(finding)"
        case .foreignDatabase(let table): "it is not Gatehouse's: it has no table \(table)"
        }
    }
}
