/// The steps from an empty file to the tables of this version.
///
/// A step is never edited once it has been released: what is wrong with it is put right by the
/// next. The file's `user_version` says how many of them it has seen.
struct Migrations {
    var steps = [first]

    /// Brings a database to this version, each step in a transaction of its own.
    ///
    /// - Throws: `SQLiteStoreError.newerDatabase` when the file has seen steps that are not known.
    func run(on connection: Connection) throws {
        // Usually there is nothing to do, and then no lock is asked for.
        while try version(of: connection) < steps.count {
            try connection.transaction {
                // Another process may have done the step while this one waited for the lock.
                let version = try version(of: connection)
                guard version < steps.count else { return }
                try connection.execute(steps[version])
                try connection.execute("PRAGMA user_version = \(version + 1)")
            }
        }
    }

    private func version(of connection: Connection) throws -> Int {
        let found =
            try Statement("PRAGMA user_version", on: connection)
            .first { $0.number(0) } ?? 0
        guard let version = Int(exactly: found), 0...steps.count ~= version else {
            throw SQLiteStoreError.newerDatabase(version: found, known: Int64(steps.count))
        }
        return version
    }

    // NOCASE compares A to Z without regard to case and nothing else, as the contract has it.
    // AUTOINCREMENT never uses a number again. Times are milliseconds since 1970.
    private static let first = """
        CREATE TABLE accounts (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            email TEXT NOT NULL COLLATE NOCASE UNIQUE,
            password_hash TEXT NOT NULL,
            role TEXT NOT NULL,
            is_disabled INTEGER NOT NULL,
            created_at INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE sessions (
            id INTEGER PRIMARY KEY CHECK (id > 0),
            account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
            started_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL,
            generation INTEGER NOT NULL,
            rotated_at INTEGER NOT NULL,
            ended_at INTEGER
        ) STRICT;
        CREATE INDEX sessions_by_account ON sessions (account_id);
        CREATE INDEX sessions_by_expiry ON sessions (expires_at);

        CREATE TABLE people (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            first_name TEXT NOT NULL,
            last_name TEXT NOT NULL
        ) STRICT;
        """
}
