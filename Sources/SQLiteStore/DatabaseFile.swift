import CSQLite

/// A database file that is checked, copied or replaced as a whole, with tables of any version.
///
/// ```swift
/// let database = try DatabaseFile(path: "/var/lib/gatehouse/gatehouse.db")
/// try database.copy(to: "/var/backups/gatehouse.db")
/// ```
public final class DatabaseFile {
    /// The newest version of the tables that this program knows.
    ///
    /// The program also knows all older versions.
    public static let knownVersion = Int64(Migrations().steps.count)

    /// The version of the tables in a file, and the numbers of their rows.
    public struct Contents: Equatable, Sendable {
        /// The version of the tables.
        public let version: Int64
        /// The number of accounts.
        public let accounts: Int64
        /// The number of sessions, including ended ones.
        public let sessions: Int64
        /// The number of people.
        public let people: Int64

        /// Creates a description of the contents of a file.
        public init(version: Int64, accounts: Int64, sessions: Int64, people: Int64) {
            self.version = version
            self.accounts = accounts
            self.sessions = sessions
            self.people = people
        }
    }

    private let connection: Connection

    /// Opens an existing file without changing it.
    ///
    /// - Parameters:
    ///   - path: The path of the file. An empty file is an empty database.
    ///   - mayWrite: Whether the file is opened for writing. SQLite needs write access to read a
    ///     database that is in WAL mode, or a database that a power cut has left in the middle of
    ///     a transaction.
    /// - Throws: `SQLiteError`.
    public init(path: String, mayWrite: Bool) throws {
        connection = try Connection(path: path, createIfMissing: false, mayWrite: mayWrite)
    }

    /// Whether the database has no tables, so that nothing has ever been stored.
    ///
    /// - Throws: `SQLiteError`.
    public var isEmpty: Bool {
        get throws { try number("SELECT count(*) FROM sqlite_schema") == 0 }
    }

    /// Reads the version of the tables and the numbers of accounts, sessions and people.
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

    /// Reads the whole file and checks its integrity.
    ///
    /// - Returns: The number of rows that refer to a missing row. Gatehouse leaves no such rows,
    ///   but a program that does not enforce foreign keys can leave some. They do no harm.
    /// - Throws: `SQLiteStoreError.damaged`; `SQLiteError` if the file cannot be read at all.
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

    /// Copies a snapshot of the database into a file, which must be empty or missing.
    ///
    /// The copy is made in one read transaction. Other processes can write in the meantime, but
    /// their changes are not in the copy. The copy is a single file without a log, contains no
    /// deleted data and is not synced. This method waits only if another process locks readers out,
    /// and for at most 5 seconds.
    ///
    /// - Throws: `SQLiteError`.
    public func copy(to path: String) throws {
        // sqlite3_backup would also copy free pages, which contain deleted data. It would also copy
        // the WAL mode, in which a backup would not be a single file.
        try Statement("VACUUM INTO ?1", on: connection).bind(1, Connection.plain(path)).run()
    }

    /// Locks all other processes out until this value is destroyed, and moves the contents of the
    /// log into the file.
    ///
    /// - Throws: `SQLiteStoreError.inUse` if another process has the file open, even an idle one;
    ///   `SQLiteError`.
    public func lockOthersOut() throws {
        connection.busyTimeout(.short)
        do throws(SQLiteError) {
            // "In EXCLUSIVE locking-mode, the database connection does not release file-locks at
            // the conclusion of each transaction" (https://sqlite.org/pragma.html). In WAL mode
            // every connection holds a shared lock while it is open, and leaving WAL mode takes an
            // exclusive lock. So `leaveLog` also fails if an idle server has the file open.
            try connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            try leaveLog()
            try connection.execute("BEGIN EXCLUSIVE; COMMIT")
        } catch {
            if error.isBusy { throw SQLiteStoreError.inUse }
            throw error
        }
    }

    /// Leaves WAL mode, so that the database consists of this file alone.
    ///
    /// - Throws: `SQLiteError`.
    public func leaveLog() throws(SQLiteError) {
        try connection.execute("PRAGMA journal_mode = DELETE")
    }

    /// Replaces the contents of the file with those of another file, in one transaction.
    ///
    /// If the process ends at any point, SQLite's journal ensures that the file holds either the
    /// old contents or the new ones. The file itself is kept, with its owner and mode. So a process
    /// that opens the file in the meantime still has the database open afterwards, not a deleted
    /// file.
    ///
    /// - Throws: `SQLiteError`.
    public func replaceContents(with other: DatabaseFile) throws {
        // EXTRA also syncs the directory after the journal is deleted. So a power cut after this
        // method has returned cannot bring back the journal, and with it the old contents.
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
