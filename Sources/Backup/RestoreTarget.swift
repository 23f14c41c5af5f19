import Glibc
package import Identity
import SQLiteStore
import Settings

/// The target of a restore, which is the path of an existing database or of a new file.
package struct RestoreTarget {
    let path: String

    package init(path: String) { self.path = path }

    /// Locks other processes out of the database; creates an empty file if there is no database.
    ///
    /// - Throws: `CommandError` if a server or another command has the database open, or if the
    ///   file is not a valid database; `SQLiteError` for any other error of SQLite.
    package func lock() throws -> LockedDatabase {
        let isNew = try createIfMissing()
        do {
            let locked = LockedDatabase(
                try DatabaseFile(path: path, mayWrite: true), at: path, isNew: isNew)
            try locked.database.lockOthersOut()
            return locked
        } catch SQLiteStoreError.inUse {
            throw CommandError(
                """
                the database \(path.escaped) is in use by a server or another command; stop the \
                server (`systemctl stop gatehouse.socket gatehouse.service`), or wait until the \
                other command has finished, and try again
                """)
        } catch let error as SQLiteError where error.isDamage {
            throw invalidDatabase(error.message)
        }
    }

    /// Backs up the current database into the same folder, unless the database is empty.
    ///
    /// - Returns: The path of the backup; `nil` if the database is empty.
    /// - Throws: `CommandError` or `SQLiteError`.
    package func backUp(
        _ locked: LockedDatabase, madeBy version: String, at now: Timestamp
    ) throws -> String? {
        guard try !locked.database.isEmpty else { return nil }
        let backupPath = "\(path).before-\(now.iso8601.filter { $0 != "-" && $0 != ":" })"
        var status = stat()
        guard stat(path, &status) == 0 else { throw CommandError.unreadable(path) }
        let owner = geteuid() == 0 ? (status.st_uid, status.st_gid) : nil
        do {
            _ = try BackupFile(
                of: locked.database, at: backupPath, madeBy: version, at: now, for: owner)
            return backupPath
        } catch let error as SQLiteStoreError {
            throw invalidDatabase("\(error)")
        } catch let error as SQLiteError where error.isDamage {
            throw invalidDatabase(error.message)
        }
    }

    /// Replaces the contents of the database in one transaction.
    ///
    /// - Parameters:
    ///   - locked: The database to replace.
    ///   - file: The file with the new contents.
    ///   - backup: The path of the backup of the current contents. If the replacement fails and the
    ///     database is still valid, the backup is deleted, because it is not needed.
    /// - Throws: `SQLiteError`. In this case, the database is unchanged.
    package func replace(
        _ locked: LockedDatabase, with file: AtomicFile, deletingOnFailure backup: String?
    ) throws {
        do {
            let prepared = try DatabaseFile(path: file.path, mayWrite: true)
            try prepared.leaveLog()
            try locked.database.replaceContents(with: prepared)
            locked.isNew = false
        } catch {
            if let backup, (try? locked.database.check()) != nil { unlink(backup) }
            throw error
        }
    }

    /// Creates an empty file unless a file exists; returns true if it created the file.
    ///
    /// If the process runs as root, the owner of the folder becomes the owner of the file, because
    /// the service runs as that user.
    private func createIfMissing() throws -> Bool {
        let file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if file < 0, errno == EEXIST { return false }
        guard file >= 0 else { throw CommandError.unwritable(path) }
        defer { close(file) }
        var status = stat()
        guard fchmod(file, 0o600) == 0, stat(File.folder(of: path), &status) == 0,
            geteuid() != 0 || fchown(file, status.st_uid, status.st_gid) == 0
        else {
            defer { unlink(path) }
            throw CommandError.unwritable(path)
        }
        return true
    }

    private func invalidDatabase(_ reason: String) -> CommandError {
        CommandError(
            """
            \(path.escaped) is not a valid Gatehouse database (\(reason)); move it away together \
            with its -wal file, and restore again
            """)
    }
}
