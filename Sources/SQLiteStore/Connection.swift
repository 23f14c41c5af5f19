import CSQLite
import Glibc

/// A connection to a database file, for one thread at a time.
final class Connection {
    let handle: OpaquePointer
    let path: String

    /// Opens a database file.
    ///
    /// - Parameters:
    ///   - path: The file. It is never read as a URI or as the name of an in-memory database.
    ///   - createIfMissing: Whether to create a missing file, with mode 0600.
    ///   - mayWrite: Whether to open the file for writing, if the file system allows it.
    ///   - immutable: Whether no process has the file open for writing. It is then read without a
    ///     lock and without creating a file beside it.
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

    /// Opens a temporary database, which is deleted with the connection.
    ///
    /// What does not fit into memory is kept in an unnamed file of mode 0600
    /// (https://sqlite.org/tempfiles.html, 2.8).
    init(temporary: Void) throws(SQLiteError) {
        handle = try openHandle("", mayWrite: true)
        path = ""
    }

    // The handle is freed once the last statement that uses it is finalized (sqlite3_close_v2,
    // "zombie").
    deinit { sqlite3_close_v2(handle) }

    /// Prefixes a relative path with `./`, so that SQLite reads it as a path.
    ///
    /// SQLite reads "file:x" as a URI, and ":memory:" and "" as databases without a file.
    static func plain(_ path: String) -> String { path.hasPrefix("/") ? path : "./" + path }

    /// How long to wait for a lock that another connection holds, in milliseconds.
    enum BusyTimeout: Int32 {
        case long = 5_000
        case short = 100
    }

    /// Sets how long later statements wait for locks.
    func busyTimeout(_ timeout: BusyTimeout) { sqlite3_busy_timeout(handle, timeout.rawValue) }

    /// Whether a transaction is open.
    ///
    /// Some errors roll the transaction back.
    var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    /// How many rows the last INSERT, UPDATE or DELETE changed.
    var changes: Int64 { sqlite3_changes64(handle) }

    /// How many rows have been changed on this connection, including changes rolled back.
    var totalChanges: Int64 { sqlite3_total_changes64(handle) }

    /// The number of the row inserted last.
    var lastInsertedID: Int64 { sqlite3_last_insert_rowid(handle) }

    /// Runs statements without parameters and ignores their rows.
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
    // "In this mode, SQLite can be safely used by multiple threads provided that no single
    // database connection ... is used in two or more threads at the same time."
    // (https://sqlite.org/threadsafe.html) The store gives a connection to one thread at a time.
    _ = isMemoryAccountingOff
    let access = mayWrite ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY
    let naming = immutable ? SQLITE_OPEN_URI : 0
    let name = immutable ? immutableURI(path) : path
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

/// The URI of a file that no process changes (https://sqlite.org/uri.html).
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

/// Turns SQLite's memory accounting off, once.
///
/// SQLite refuses this after its first use and keeps working.
private let isMemoryAccountingOff = CSQLite_count_no_memory() == SQLITE_OK

/// Creates an empty file of mode 0600, whatever the umask, unless the file exists.
///
/// SQLite gives its `-wal` and `-shm` files the mode of the database file. An existing file is not
/// opened, because closing it again would drop the locks that other connections of this process
/// hold on it (https://sqlite.org/howtocorrupt.html, 2.2).
private func createPrivateFile(_ path: String) throws(SQLiteError) {
    let file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { return }
    defer { close(file) }
    guard fchmod(file, 0o600) == 0 else {
        throw SQLiteError(code: SQLITE_CANTOPEN, call: "fchmod", connection: nil)
    }
}
