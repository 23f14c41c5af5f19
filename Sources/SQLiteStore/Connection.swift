import CSQLite
import Glibc

/// A connection to a database file, which only one thread at a time may use.
final class Connection {
    let handle: OpaquePointer
    let path: String

    /// Opens a database file.
    ///
    /// - Parameters:
    ///   - path: The path of the file. It is never read as a URI or as the name of an in-memory
    ///     database.
    ///   - createIfMissing: Whether to create a missing file, with mode 0600.
    ///   - mayWrite: Whether to open the file for writing, if the file system allows it.
    ///   - immutable: Whether no process has the file open for writing. If true, SQLite reads the
    ///     file without a lock and without creating another file beside it.
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

    /// Opens a temporary database, which is deleted when the connection is closed.
    ///
    /// Data that does not fit into memory is kept in an unnamed file of mode 0600
    /// (https://sqlite.org/tempfiles.html, section 2.8).
    init(temporary: Void) throws(SQLiteError) {
        handle = try openHandle("", mayWrite: true)
        path = ""
    }

    // SQLite frees the handle once the last prepared statement that uses it is finalized (see
    // "zombie" in the documentation of sqlite3_close_v2).
    deinit { sqlite3_close_v2(handle) }

    /// Prefixes a relative path with `./`, so that SQLite reads it as a path.
    ///
    /// Without the prefix, SQLite would read "file:x" as a URI, and ":memory:" and "" as databases
    /// without a file.
    static func plain(_ path: String) -> String { path.hasPrefix("/") ? path : "./" + path }

    /// The maximum time to wait for a lock that another connection holds, in milliseconds.
    enum BusyTimeout: Int32 {
        case long = 5_000
        case short = 100
    }

    /// Sets the maximum time that later statements wait for a lock.
    func busyTimeout(_ timeout: BusyTimeout) { sqlite3_busy_timeout(handle, timeout.rawValue) }

    /// Whether a transaction is open.
    ///
    /// A failed statement can end the transaction, because some errors make SQLite roll it back.
    var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    /// The number of rows that the last INSERT, UPDATE or DELETE changed.
    var changes: Int64 { sqlite3_changes64(handle) }

    /// The number of rows changed on this connection, including changes that were rolled back.
    var totalChanges: Int64 { sqlite3_total_changes64(handle) }

    /// The ID of the row inserted last.
    var lastInsertedID: Int64 { sqlite3_last_insert_rowid(handle) }

    /// Runs SQL statements without parameters and ignores the rows that they return.
    func execute(_ sql: String) throws(SQLiteError) {
        let code = sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else {
            throw SQLiteError(code: code, call: "sqlite3_exec", connection: handle, sql: sql)
        }
    }

    /// Runs a body in a transaction that takes the write lock at its start.
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
    _ = isMemoryAccountingOff
    let access = mayWrite ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY
    let naming = immutable ? SQLITE_OPEN_URI : 0
    let name = immutable ? immutableURI(path) : path
    var opened: OpaquePointer?
    // SQLITE_OPEN_NOMUTEX: "In this mode, SQLite can be safely used by multiple threads provided
    // that no single database connection ... is used in two or more threads at the same time."
    // (https://sqlite.org/threadsafe.html) The store gives a connection to one thread at a time.
    let code = sqlite3_open_v2(name, &opened, access | naming | SQLITE_OPEN_NOMUTEX, nil)
    guard code == SQLITE_OK, let opened else {
        // "Whether or not an error occurs when it is opened, resources associated with the database
        // connection handle should be released" (documentation of sqlite3_open).
        defer { sqlite3_close_v2(opened) }
        throw SQLiteError(code: code, call: "sqlite3_open_v2", connection: opened)
    }
    sqlite3_extended_result_codes(opened, 1)
    let distrust = CSQLite_distrust_file(opened)
    guard distrust == SQLITE_OK else {
        defer { sqlite3_close_v2(opened) }
        throw SQLiteError(code: distrust, call: "sqlite3_db_config", connection: opened)
    }
    return opened
}

/// Returns the URI for opening a file that no process changes (https://sqlite.org/uri.html).
private func immutableURI(_ path: String) -> String {
    let digits = Array("0123456789ABCDEF")
    let escaped = path.utf8.map { byte in
        let isPlain = byte > 0x20 && byte < 0x7F && !"%?#".utf8.contains(byte)
        return isPlain
            ? String(Unicode.Scalar(byte))
            : "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
    }
    return "file:\(escaped.joined())?immutable=1"
}

/// Turns off SQLite's memory statistics when this constant is first used.
///
/// Once SQLite is in use, it refuses the call and keeps working with the statistics on.
private let isMemoryAccountingOff = CSQLite_count_no_memory() == SQLITE_OK

/// Creates an empty file of mode 0600, whatever the umask, unless the file exists.
///
/// SQLite gives the `-wal` and `-shm` files the mode of the database file. An existing file is not
/// opened, because closing it again would drop the locks that other connections of this process
/// hold on it (https://sqlite.org/howtocorrupt.html, section 2.2).
private func createPrivateFile(_ path: String) throws(SQLiteError) {
    let file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { return }
    defer { close(file) }
    guard fchmod(file, 0o600) == 0 else {
        throw SQLiteError(code: SQLITE_CANTOPEN, call: "fchmod", connection: nil)
    }
}
