import CSQLite

/// A database file as a whole, whatever the version of its tables: judged, copied, replaced.
///
/// ```swift
/// let database = try DatabaseFile(path: "/var/lib/gatehouse/gatehouse.db")
/// try database.copy(to: "/var/backups/gatehouse.db")
/// ```
public final class DatabaseFile {
    /// The version of the tables that this program makes and knows; it knows all before it too.
    public static let knownVersion = Int64(Migrations().steps.count)

    /// What a file holds.
    public struct Contents: Equatable, Sendable {
        /// The version of its tables.
        public let version: Int64
        /// How many accounts there are.
        public let accounts: Int64
        /// How many sessions, ended ones included.
        public let sessions: Int64
        /// How many people.
        public let people: Int64

        /// Makes a value.
        public init(version: Int64, accounts: Int64, sessions: Int64, people: Int64) {
            self.version = version
            self.accounts = accounts
            self.sessions = sessions
            self.people = people
        }
    }

    private let connection: Connection

    /// Opens a file that is there, and changes nothing in it.
    ///
    /// - Parameters:
    ///   - path: The file; an empty one is an empty database.
    ///   - mayWrite: Whether it is opened for writing; SQLite needs that to read a database that is
    ///     in WAL mode, or that a power cut has left in the middle of a transaction.
    /// - Throws: `SQLiteError`.
    public init(path: String, mayWrite: Bool) throws {
        connection = try Connection(path: path, createIfMissing: false, mayWrite: mayWrite)
    }

    /// Whether nothing has ever been stored.
    ///
    /// - Throws: `SQLiteError`.
    public var isEmpty: Bool {
        get throws { try number("SELECT count(*) FROM sqlite_schema") == 0 }
    }

    /// Reads what the file holds.
    ///
    /// - Throws: `SQLiteError`; `SQLiteStoreError.foreignDatabase`.
    public func contents() throws -> Contents {
        for table in ["accounts", "sessions", "people"] {
            let found = try Statement(
                "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1", on: connection
            ).bind(1, table).first { _ in true }
            guard found != nil else { throw SQLiteStoreError.foreignDatabase(missing: table) }
        }
        return Contents(
            version: try number("PRAGMA user_version"),
            accounts: try number("SELECT count(*) FROM accounts"),
            sessions: try number("SELECT count(*) FROM sessions"),
            people: try number("SELECT count(*) FROM people"))
    }

    /// Reads the whole file and judges whether it is sound.
    ///
    /// - Returns: How many rows refer to a row that is not there. Gatehouse leaves none, but another
    ///   program that does not mind foreign keys can; they do no harm.
    /// - Throws: `SQLiteStoreError.damaged`; `SQLiteError` where it cannot be read at all.
    public func check() throws -> Int {
        let finding = try Statement("PRAGMA integrity_check(1)", on: connection).first {
            $0.text(0)
        }
        guard finding == "ok" else {
            throw SQLiteStoreError.damaged(finding: finding ?? "no answer")
        }
        var dangling = 0
        try Statement("PRAGMA foreign_key_check", on: connection).forEach { _ in dangling += 1 }
        return dangling
    }

    /// Copies one moment of the database into a file, which must be empty or not there.
    ///
    /// It is one read transaction: writers go on, and what they commit meanwhile is not in the copy.
    /// The copy is one file, without a log, and nothing of what was deleted is left in it; it is not
    /// synced. Only where another process locks readers out is there a wait, of 5 seconds at most.
    ///
    /// - Throws: `SQLiteError`.
    public func copy(to path: String) throws {
        // Rather than by sqlite3_backup: that copies free pages too, with whom they were freed of,
        // and the mark of WAL mode, in which a backup would not be one file.
        try Statement("VACUUM INTO ?1", on: connection).bind(1, Connection.plain(path)).run()
    }

    /// Locks all other processes out until this value goes, and moves the log into the file.
    ///
    /// - Throws: `SQLiteStoreError.inUse` where a process has the file open, be it idle;
    ///   `SQLiteError`.
    public func lockOthersOut() throws {
        connection.busyTimeout(.short)
        do throws(SQLiteError) {
            // "In EXCLUSIVE locking-mode, the database connection does not release file-locks at
            // the conclusion of each transaction" (https://sqlite.org/pragma.html). In WAL mode
            // every connection keeps a shared lock for as long as it is open, and to leave WAL
            // mode takes the exclusive one: so this fails for an idle server too.
            try connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            try leaveLog()
            try connection.execute("BEGIN EXCLUSIVE; COMMIT")
        } catch {
            if error.isBusy { throw SQLiteStoreError.inUse }
            throw error
        }
    }

    /// Leaves WAL mode, so that the file is the whole database.
    ///
    /// - Throws: `SQLiteError`.
    public func leaveLog() throws(SQLiteError) {
        try connection.execute("PRAGMA journal_mode = DELETE")
    }

    /// Replaces all that the file holds with what another holds, in one transaction.
    ///
    /// Whatever ends the process, the file holds the one or the other: SQLite's journal sees to
    /// that, and to the file's owner and mode, since the file stays the same. So nobody who opens
    /// it meanwhile is left with a file that is no longer the database.
    ///
    /// - Throws: `SQLiteError`.
    public func replaceContents(with other: DatabaseFile) throws {
        // EXTRA syncs the folder too: once this returns, no power cut brings the old back.
        try connection.execute("PRAGMA synchronous = EXTRA")
        guard
            let copying = sqlite3_backup_init(
                connection.handle, "main", other.connection.handle, "main")
        else {
            throw SQLiteError(
                code: sqlite3_extended_errcode(connection.handle), call: "sqlite3_backup_init",
                connection: connection.handle)
        }
        let step = sqlite3_backup_step(copying, -1)
        let end = sqlite3_backup_finish(copying)
        guard step == SQLITE_DONE, end == SQLITE_OK else {
            throw SQLiteError(
                code: end == SQLITE_OK ? step : end, call: "sqlite3_backup_step",
                connection: connection.handle)
        }
    }

    private func number(_ sql: String) throws -> Int64 {
        try Statement(sql, on: connection).first { $0.number(0) } ?? 0
    }
}
