/// The migration steps from an empty file to the tables of this version of the program.
///
/// A released step is never edited; a mistake in it is corrected by a later step. The file's
/// `user_version` is the number of steps that have been run on it.
struct Migrations {
    var steps = [
        PackageResources.migration_1_sql, PackageResources.migration_2_sql,
        PackageResources.migration_3_sql, PackageResources.migration_4_sql,
        PackageResources.migration_5_sql, PackageResources.migration_6_sql,
    ].map { String(decoding: $0, as: UTF8.self) }

    /// Runs the missing steps on a database, each in its own transaction.
    ///
    /// - Throws: `SQLiteStoreError.newerDatabase` if a newer program has run steps that are unknown
    ///   here; `SQLiteError`.
    func run(on connection: Connection) throws {
        try connection.registerAddressKey()
        // The version is read without a lock first, because usually no step is missing.
        while try version(of: connection) < steps.count {
            try connection.transaction {
                // Another process may have run the step while this one waited for the lock.
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
}
