import Glibc
import Identity
package import SQLiteStore
import Settings

/// Where a backup is restored to: a database file, or a folder that has none yet.
package struct RestoreTarget {
    package let path: String

    package init(path: String) { self.path = path }

    /// The database of a place, held against everybody else for as long as this value lives.
    package final class Occupied {
        package let database: DatabaseFile
        fileprivate let path: String
        /// Whether the file was made for this, and goes again unless it is filled.
        fileprivate var isNew: Bool

        fileprivate init(_ database: DatabaseFile, at path: String, isNew: Bool) {
            self.database = database
            self.path = path
            self.isNew = isNew
        }

        deinit { if isNew { unlink(path) } }
    }

    /// Takes the place for this process alone.
    ///
    /// - Throws: `CommandError` where a server or another command has the database open, or what is
    ///   there cannot be read as a database; `SQLiteError`.
    package func lock() throws -> Occupied {
        let isNew = try makeIfMissing()
        do {
            let occupied = Occupied(
                try DatabaseFile(path: path, mayWrite: true), at: path, isNew: isNew)
            try occupied.database.lockOthersOut()
            return occupied
        } catch SQLiteStoreError.inUse {
            throw CommandError(
                """
                the database \(path.escaped) is in use by a server or another command; stop the \
                server first: `systemctl stop gatehouse.socket gatehouse.service`
                """)
        } catch let error as SQLiteError where error.isDamage {
            throw beyondRepair(error.message)
        }
    }

    /// Makes a backup of what is there, unless that is nothing.
    ///
    /// - Returns: Its path.
    /// - Throws: `CommandError`, `SQLiteError`.
    package func keep(_ occupied: Occupied) throws -> String? {
        guard try !occupied.database.isEmpty else { return nil }
        let now = Timestamp.now.iso8601.filter { $0 != "-" && $0 != ":" }
        let kept = "\(path).before-\(now)"
        var status = stat()
        guard stat(path, &status) == 0 else { throw CommandError.unreadable(path) }
        let owner = geteuid() == 0 ? (status.st_uid, status.st_gid) : nil
        do {
            _ = try BackupFile(of: occupied.database, at: kept, for: owner)
            return kept
        } catch let error as SQLiteStoreError {
            throw beyondRepair("\(error)")
        } catch let error as SQLiteError where error.isDamage {
            throw beyondRepair(error.message)
        }
    }

    /// Puts a prepared database in the place of what is there, at once.
    ///
    /// - Throws: `SQLiteError`; the place is as it was then, and the backup of it, which is not
    ///   needed, is gone, unless a failing disk leaves that in doubt.
    package func replace(_ occupied: Occupied, with draft: AtomicFile, orDrop kept: String?) throws
    {
        do {
            let prepared = try DatabaseFile(path: draft.path, mayWrite: true)
            try prepared.leaveLog()
            try occupied.database.replaceContents(with: prepared)
            occupied.isNew = false
        } catch {
            if let kept, (try? occupied.database.check()) != nil { unlink(kept) }
            throw error
        }
    }

    /// Makes an empty file where there is none, whose owner is the folder's: that is whom the
    /// service runs as, though root restores.
    private func makeIfMissing() throws -> Bool {
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

    private func beyondRepair(_ finding: String) -> CommandError {
        CommandError(
            """
            what is at \(path.escaped) is no sound database of Gatehouse's (\(finding)); move it \
            away together with its -wal, and restore again
            """)
    }
}
