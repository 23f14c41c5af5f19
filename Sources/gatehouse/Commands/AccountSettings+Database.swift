import Backup
import Glibc
import SQLiteStore
import Settings

extension AccountSettings {
    /// Returns whether the database exists, after checking that this user may read it.
    ///
    /// - Throws: `CommandError` if this user may not see or read the file, or if root runs the
    ///   command and it would follow another user's symbolic link.
    func databaseExists() throws -> Bool {
        try refuseForeignLinks()
        var status = stat()
        guard stat(databasePath, &status) == 0 else {
            if [ENOENT, ENOTDIR].contains(errno) { return false }
            throw errno == EACCES ? notPermitted : CommandError.unreadable(databasePath)
        }
        guard File.isReadable(at: databasePath) || errno != EACCES else { throw notPermitted }
        return true
    }

    private var notPermitted: CommandError {
        CommandError(
            "this user may not read the database \(databasePath.escaped); run the command with sudo"
        )
    }

    /// Opens the file of the configured database, whatever its schema version.
    ///
    /// - Throws: `CommandError` if the file does not exist or cannot be opened.
    func openDatabaseFile() throws -> DatabaseFile {
        guard try databaseExists() else {
            throw CommandError(
                "there is no database at \(databasePath.quoted); set GATEHOUSE_DATABASE to its path"
            )
        }
        do {
            return try DatabaseFile(path: databasePath, mayWrite: true)
        } catch let error as SQLiteError {
            throw CommandError(
                "the database \(databasePath.quoted) cannot be opened: \(error.message)")
        }
    }

    /// Throws an error if root runs the command and the database is reached through another user's
    /// symbolic link, or if a file that SQLite keeps beside it (such as `-wal`) is a symbolic link.
    ///
    /// The folder of the database belongs to the user of the service. Without this check, a program
    /// that has taken over the service could make root write to any file of the system.
    func refuseForeignLinks() throws {
        guard geteuid() == 0 else { return }
        if File.resolve(databaseSetting).linkOwners.contains(where: { $0 != 0 }) {
            throw CommandError.foreignLink(databaseSetting)
        }
        for suffix in ["-wal", "-shm", "-journal"] {
            guard File.linkOwner(databasePath + suffix) == nil else {
                throw CommandError.foreignLink(databasePath + suffix)
            }
        }
    }
}

extension CommandError {
    fileprivate static func foreignLink(_ path: String) -> CommandError {
        CommandError(
            """
            \(path.escaped) is a symbolic link that root did not make, so a command of root does not \
            follow it; set GATEHOUSE_DATABASE to the file itself, or make the link as root
            """)
    }
}
