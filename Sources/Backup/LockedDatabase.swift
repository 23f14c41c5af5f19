import Glibc
import SQLiteStore

/// The database at a restore target, locked against every other process while this value lives.
package final class LockedDatabase {
    let database: DatabaseFile
    private let path: String
    /// Whether the file was created for this restore; it is deleted again unless it is filled.
    var isNew: Bool

    init(_ database: DatabaseFile, at path: String, isNew: Bool) {
        self.database = database
        self.path = path
        self.isNew = isNew
    }

    deinit { if isNew { unlink(path) } }
}
