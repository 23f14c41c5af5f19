import CSQLite
import Glibc
public import Identity

/// A failed call of SQLite.
///
/// It never contains bound values, so e-mail addresses and password hashes stay out of logs.
public struct SQLiteError: Error, Equatable, CustomStringConvertible {
    /// The extended result code; see https://sqlite.org/rescode.html.
    public let code: Int32
    /// The function that returned the code, such as `sqlite3_step`.
    public let call: String
    /// SQLite's message, and the operating system's error if there is one.
    public let message: String
    /// The statement, with `?` where values were bound; `nil` if the call had no statement.
    public let sql: String?
    /// The operating system's error number, see errno(3); 0 if it is unknown.
    private(set) var systemError: Int32 = 0

    /// The call, the code, the message and the statement.
    public var description: String {
        let text = "\(call): error \(code): \(message)"
        guard let sql else { return text }
        return "\(text), in \(sql)"
    }
}

extension SQLiteError: StoreError {
    /// Whether the file's contents are corrupt, as opposed to a disk error or a lock.
    public var isDamage: Bool { [SQLITE_CORRUPT, SQLITE_NOTADB].contains(code & 0xFF) }

    /// Whether the disk has failed or is read-only.
    ///
    /// A full disk, or a lack of memory or file descriptors, does not count.
    var isRefusalByDisk: Bool {
        switch code & 0xFF {
        case SQLITE_READONLY: true
        case SQLITE_IOERR, SQLITE_CANTOPEN: !isLackOfResources
        default: false
        }
    }

    /// Whether the disk is full, or no memory or file descriptor is left.
    public var isLackOfResources: Bool {
        switch code & 0xFF {
        case SQLITE_FULL, SQLITE_NOMEM: true
        case SQLITE_IOERR, SQLITE_CANTOPEN:
            [ENOSPC, EDQUOT, EMFILE, ENFILE, ENOMEM].contains(systemError)
        default: false
        }
    }

    /// Whether another connection has held a lock for longer than the timeout.
    var isBusy: Bool { code & 0xFF == SQLITE_BUSY }

    /// Creates the error of a failed call, with the connection's error message.
    init(code: Int32, call: String, connection: OpaquePointer?, sql: String? = nil) {
        let text = connection.map { sqlite3_errmsg($0) } ?? sqlite3_errstr(code)
        var message = text.map { String(cString: $0) } ?? ""
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

/// Returns the cause of a disk error, or `nil` if nothing more is known than SQLite's code says.
private func reason(
    for code: Int32, _ systemError: Int32, on connection: OpaquePointer
) -> String? {
    // SQLite cannot create the log beside a read-only file. The operating system's error would only
    // say that the log does not exist.
    if code & 0xFF == SQLITE_CANTOPEN, sqlite3_db_readonly(connection, "main") == 1 {
        return "the file can only be read"
    }
    return systemError == 0 ? nil : strerror(systemError).map { String(cString: $0) }
}

/// Returns the operating system's error number behind SQLite's `SQLITE_IOERR` or `SQLITE_CANTOPEN`,
/// each of which has many causes; 0 if it is unknown.
private func systemErrorBehind(_ code: Int32, on connection: OpaquePointer) -> Int32 {
    guard [SQLITE_IOERR, SQLITE_CANTOPEN].contains(code & 0xFF) else { return 0 }
    let number = sqlite3_system_errno(connection)
    return number != 0 ? number : CSQLite_log_errno(connection)
}
