import Glibc
import SQLiteStore

/// The database that a restore replaces, locked against other processes while this object exists.
package final class LockedDatabase {
    let database: DatabaseFile
    private let path: String
    /// Whether the restore has created the file and not yet filled it.
    ///
    /// If so, `deinit` deletes the file.
    var isNew: Bool

    init(_ database: DatabaseFile, at path: String, isNew: Bool) {
        self.database = database
        self.path = path
        self.isNew = isNew
    }

    deinit { if isNew { unlink(path) } }
}
