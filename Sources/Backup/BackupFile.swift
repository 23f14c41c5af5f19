package import Glibc
package import Identity
package import SQLiteStore
import Settings

/// A complete backup in one file: a database, followed by the manifest that describes it.
package struct BackupFile {
    package let manifest: Manifest
    /// The number of rows whose foreign key refers to a row that does not exist.
    package let danglingRows: Int

    /// Copies a database into a backup file and checks the copy.
    ///
    /// Other processes may use the database in the meantime. The backup file gets its final name
    /// when it is complete and checked.
    ///
    /// - Parameters:
    ///   - database: The database to copy.
    ///   - path: The path of the backup file; an existing file is replaced.
    ///   - version: The version of Gatehouse, for the manifest.
    ///   - now: The current time, for the manifest.
    ///   - owner: The user and group that will own the file; `nil` for those of this process.
    /// - Throws: `CommandError`, `SQLiteStoreError` or `SQLiteError`, and leaves no partial file.
    package init(
        of database: DatabaseFile, at path: String, madeBy version: String, at now: Timestamp,
        for owner: (uid_t, gid_t)? = nil
    ) throws {
        let file = try AtomicFile(at: path + ".partial", as: path)
        if let (user, group) = owner { try file.give(to: user, group) }
        // `now` is earlier than the start of the copy, so the copy contains everything that was
        // committed by that time.
        try database.copy(to: file.path)
        let copy = try DatabaseFile(path: file.path, mayWrite: false)
        danglingRows = try copy.check()
        manifest = try Manifest(
            in: file, madeAt: now.iso8601, madeBy: version, contents: copy.contents())
        try file.commit(as: path)
    }

    /// Reads a backup and verifies that it is complete and unchanged.
    ///
    /// - Parameters:
    ///   - path: The path of the backup file.
    ///   - name: The name of the file in error messages.
    /// - Throws: `CommandError` if the file is not a complete, undamaged backup, or if its database
    ///   version is not supported.
    package init(verifying path: String, as name: String) throws {
        manifest = try Self.verifiedManifest(of: path, as: name)
        let newest = DatabaseFile.knownVersion
        guard manifest.contents.version <= newest else {
            throw CommandError(
                """
                \(name.escaped) has database version \(manifest.contents.version), made by a newer \
                gatehouse; this gatehouse supports versions up to \(newest), so upgrade it first
                """)
        }
        do {
            let database = try DatabaseFile(path: path, mayWrite: false)
            danglingRows = try database.check()
            guard try database.contents() == manifest.contents else {
                throw CommandError(
                    "the backup \(name.escaped) is damaged: its contents do not match its manifest; "
                        + "use another backup")
            }
        } catch let error as SQLiteError {
            throw CommandError(
                "the backup \(name.escaped) is damaged: \(error.message); use another one")
        } catch let error as SQLiteStoreError {
            throw CommandError("\(name.escaped) cannot be used: \(error)")
        }
    }

    /// Reads the manifest of a backup file and verifies the file's checksum.
    ///
    /// This method closes the file before SQLite opens it, because close(2) drops every fcntl(2)
    /// lock that the process holds on the file, including the locks of SQLite.
    private static func verifiedManifest(of path: String, as name: String) throws -> Manifest {
        try File.withDescriptor(of: path) { descriptor in
            var status = stat()
            guard fstat(descriptor, &status) == 0 else { throw CommandError.unreadable(path) }
            let size = Int64(status.st_size)
            var tail: [UInt8] = []
            let limit = Manifest.maximumLength
            try File.forEachChunk(
                of: descriptor, at: path, from: max(0, size - limit), atMost: limit
            ) { tail += $0 }
            guard let manifest = Manifest(tail: tail, of: size) else {
                throw CommandError(
                    """
                    \(name.escaped) is not a complete Gatehouse backup: it does not end with a \
                    valid manifest
                    """)
            }
            let digest = try File.digest(
                of: descriptor, at: path, first: size - Manifest.trailerLength)
            guard digest == manifest.digest else {
                throw CommandError(
                    "the backup \(name.escaped) is damaged: its SHA-256 does not match; use another one"
                )
            }
            return manifest
        }
    }
}
