import Glibc
import SQLiteStore
import Settings

/// The database, which is opened read-only, and the damage found in it.
struct ExaminedDatabase {
    let file: DatabaseDiagnosis
    /// SQLite's description of the first damage that it finds; nil if the file is intact.
    let damage: String?

    /// Opens the database and looks for damage; nil if the file is missing or empty.
    init?(_ path: String) throws {
        guard let status = try FileStatus(path), status.size > 0 else { return nil }
        guard access(path, R_OK) == 0 else {
            throw Skipped("\(path.escaped) cannot be read; run as root")
        }
        file = try DatabaseDiagnosis(path: path, immutable: try FileStatus(path + "-wal") == nil)
        damage = try file.damage
    }
}
