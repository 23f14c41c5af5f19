import CSQLite
import Glibc

/// A connection to a database file, for one thread at a time.
final class Connection {
    let handle: OpaquePointer
    let path: String

    /// Opens a database file.
    ///
    /// - Parameters:
    ///   - path: The file, never a URI nor a database in memory.
    ///   - createIfMissing: Whether to make the file, for its owner's eyes only, when there is none.
    ///   - mayWrite: Whether to open it for writing, if the file system lets us.
    ///   - immutable: Whether nobody has it open for writing: then it is read without a lock and
    ///     without a file beside it.
    /// - Throws: `SQLiteError`.
    init(
        path: String, createIfMissing: Bool, mayWrite: Bool = true, immutable: Bool = false
    ) throws(SQLiteError) {
        let path = Self.plain(path)
        if createIfMissing { try createPrivateFile(path) }

        handle = try openHandle(path, mayWrite: mayWrite, immutable: immutable)
        self.path = path
        busyTimeout(.long)
    }

    /// Makes a database of its own that goes with the connection.
    ///
    /// What does not fit into memory is in a file that has no name, of mode 0600
    /// (https://sqlite.org/tempfiles.html, 2.8).
    init(temporary: Void) throws(SQLiteError) {
        handle = try openHandle("", mayWrite: true)
        path = ""
    }

    // Waits for the statements that still hold the handle (sqlite3_close_v2, "zombie").
    deinit { sqlite3_close_v2(handle) }

    /// A path that SQLite takes for nothing else.
    ///
    /// "file:x" would be a URI, ":memory:" and "" databases without a file.
    static func plain(_ path: String) -> String { path.hasPrefix("/") ? path : "./" + path }

    /// How long to wait for a lock that another connection holds, in milliseconds.
    enum BusyTimeout: Int32 {
        case long = 5_000
        case short = 100
    }

    /// Says how long the statements to come wait for locks.
    func busyTimeout(_ patience: BusyTimeout) { sqlite3_busy_timeout(handle, patience.rawValue) }

    /// Whether a transaction is open; some errors end it behind the caller's back.
    var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    /// How many rows the last INSERT, UPDATE or DELETE changed.
    var changes: Int64 { sqlite3_changes64(handle) }

    /// How many rows were ever changed on this connection, rolled back or not.
    var totalChanges: Int64 { sqlite3_total_changes64(handle) }

    /// The number of the last row that was inserted.
    var lastInsertedID: Int64 { sqlite3_last_insert_rowid(handle) }

    /// Runs statements that have no parameters and whose rows nobody wants.
    func execute(_ sql: String) throws(SQLiteError) {
        let code = sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else {
            throw SQLiteError(code: code, call: "sqlite3_exec", connection: handle, sql: sql)
        }
    }

    /// Runs a body in a transaction that has the right to write from its beginning.
    func transaction(_ body: () throws -> Void) throws {
        try execute("BEGIN IMMEDIATE")
        do {
            try body()
            try execute("COMMIT")
        } catch {
            if isInTransaction { try execute("ROLLBACK") }
            throw error
        }
    }
}

private func openHandle(
    _ path: String, mayWrite: Bool, immutable: Bool = false
) throws(SQLiteError) -> OpaquePointer {
    // "In this mode, SQLite can be safely used by multiple threads provided that no single
    // database connection ... is used in two or more threads at the same time."
    // (https://sqlite.org/threadsafe.html) The store hands a connection to one at a time.
    _ = memoryIsUncounted
    let access = mayWrite ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY
    let naming = immutable ? SQLITE_OPEN_URI : 0
    let name = immutable ? stillURI(path) : path
    var opened: OpaquePointer?
    let code = sqlite3_open_v2(name, &opened, access | naming | SQLITE_OPEN_NOMUTEX, nil)
    guard code == SQLITE_OK, let opened else {
        // "Whether or not an error occurs when it is opened, resources associated with the
        // database connection handle should be released" (sqlite3_open).
        defer { sqlite3_close_v2(opened) }
        throw SQLiteError(code: code, call: "sqlite3_open_v2", connection: opened)
    }
    sqlite3_extended_result_codes(opened, 1)
    return opened
}

/// A URI of a file that nobody changes (https://sqlite.org/uri.html).
private func stillURI(_ path: String) -> String {
    let digits = Array("0123456789ABCDEF")
    let escaped = path.utf8.map { byte in
        let isPlain = byte > 0x20 && byte < 0x7F && !"%?#".utf8.contains(byte)
        return isPlain
            ? String(Unicode.Scalar(byte))
            : "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
    }
    return "file:\(escaped.joined())?immutable=1"
}

/// Whether SQLite was told before its first use; later, or told again, it refuses and goes on.
private let memoryIsUncounted = CSQLite_count_no_memory() == SQLITE_OK

/// Makes an empty file of mode 0600, whatever the umask, unless there is a file.
///
/// SQLite gives its `-wal` and `-shm` files the mode of the database file. A file that exists is
/// not even opened: to close it again would drop the locks that other connections of this process
/// have on it (https://sqlite.org/howtocorrupt.html, 2.2).
private func createPrivateFile(_ path: String) throws(SQLiteError) {
    let file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { return }
    defer { close(file) }
    guard fchmod(file, 0o600) == 0 else {
        throw SQLiteError(code: SQLITE_CANTOPEN, call: "fchmod", connection: nil)
    }
}
