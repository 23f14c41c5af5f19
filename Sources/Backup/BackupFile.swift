package import Glibc
import Identity
package import SQLiteStore
import Settings

/// A whole backup in a file: a database, and the manifest that proves it.
package struct BackupFile {
    package let manifest: Manifest
    /// How many rows refer to a row that is not there.
    package let dangling: Int

    /// Copies a database, also while others write to it, and checks the copy before it gets its
    /// name.
    ///
    /// - Parameters:
    ///   - database: What to copy.
    ///   - path: The file; replaced if it is there.
    ///   - owner: Whose the file shall be, where that is not who makes it.
    /// - Throws: `CommandError`, `SQLiteStoreError` or `SQLiteError`; nothing is left then.
    package init(
        of database: DatabaseFile, at path: String, for owner: (uid_t, gid_t)? = nil
    ) throws {
        let draft = try AtomicFile(at: path + ".partial")
        if let (user, group) = owner { try draft.give(to: user, group) }
        // What is committed after this may be in it, what was before is.
        let madeAt = Timestamp.now.iso8601
        try database.copy(to: draft.path)
        let copy = try DatabaseFile(path: draft.path, mayWrite: false)
        dangling = try copy.check()
        manifest = try Manifest(
            in: draft, madeAt: madeAt, madeBy: Release.version,
            contents: copy.contents())
        try draft.commit(as: path)
    }

    /// Reads a backup and proves that it is what it was when it was made.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - name: What it is called in complaints.
    /// - Throws: `CommandError`.
    package init(verifying path: String, as name: String) throws {
        manifest = try Self.manifest(provenBy: path, as: name)
        let known = DatabaseFile.knownVersion
        guard manifest.contents.version <= known else {
            throw CommandError(
                """
                \(name.escaped) has version \(manifest.contents.version), made by a newer \
                gatehouse; this one knows versions up to \(known)
                """)
        }
        do {
            let database = try DatabaseFile(path: path, mayWrite: false)
            dangling = try database.check()
            guard try database.contents() == manifest.contents else {
                throw CommandError("\(name.escaped) does not hold what its manifest says")
            }
        } catch let error as SQLiteError {
            throw CommandError("\(name.escaped) is damaged: \(error.message)")
        } catch let error as SQLiteStoreError {
            throw CommandError("\(name.escaped) cannot be used: \(error)")
        }
    }

    /// The manifest of a file, if its bytes are those that it was written for.
    ///
    /// The file is closed again before SQLite opens it: to close it later would drop SQLite's locks.
    private static func manifest(provenBy path: String, as name: String) throws -> Manifest {
        let file = try FileReader(path: path)
        let (tail, size) = try file.tail(atMost: Manifest.maximalLength)
        guard let manifest = Manifest(tail: tail, of: size) else {
            throw CommandError(
                """
                \(name.escaped) is no whole backup of Gatehouse's: it does not end with a \
                manifest that fits
                """)
        }
        guard try file.digest(ofFirst: size - Manifest.trailerLength) == manifest.digest else {
            throw CommandError(
                "\(name.escaped) is damaged: it is not what it was when it was made")
        }
        return manifest
    }
}
