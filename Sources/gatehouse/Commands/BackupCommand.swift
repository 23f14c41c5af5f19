import ArgumentParser
import Backup
import Glibc
import SQLiteStore
import Settings

/// Copies the database into one file, also while the server runs.
struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy the database into a file, or verify such a file.",
        discussion: """
            Copies one moment of the database of GATEHOUSE_DATABASE, also while the server runs, \
            and checks the copy. The file is for its owner's eyes only and ends with a line that \
            says what it holds. The secret that signs tokens is not in it.
            """)

    @Argument(help: ArgumentHelp("The file to make.", valueName: "file"))
    var path: String

    @Flag(help: "Make nothing; prove that the file is a whole and sound backup.")
    var verify = false

    @Flag(help: "Replace the file if it is there.")
    var force = false

    func validate() throws {
        guard !(verify && force) else { throw ValidationError("Give --verify or --force.") }
        guard !path.isEmpty, path.utf8.last != UInt8(ascii: "/") else {
            throw ValidationError("Give the name of a file.")
        }
    }

    func run() throws {
        if verify {
            let backup = try BackupFile(verifying: path, as: path)
            print("\(path.escaped) is whole and sound: \(backup.manifest).")
            return
        }
        let settings = try AccountSettings(from: .present)
        let database = try settings.openDatabaseFile()
        try refuseToReplace(settings.databasePath)
        do {
            let backup = try BackupFile(of: database, at: path)
            print("\(path.escaped) is made: \(backup.manifest).")
            warn(of: backup.dangling)
        } catch let error as SQLiteError {
            throw uncopied(settings.databasePath, error.message)
        } catch let error as SQLiteStoreError {
            throw uncopied(settings.databasePath, "\(error)")
        }
    }

    private func uncopied(_ database: String, _ reason: String) -> CommandError {
        CommandError("\(database.escaped) cannot be copied into \(path.escaped): \(reason)")
    }

    /// Complains if the file is there and is to stay; and if it must never be replaced.
    private func refuseToReplace(_ database: String) throws {
        var found = stat()
        guard lstat(path, &found) == 0 else { return }
        guard force else {
            throw CommandError("\(path.escaped) is there already; --force replaces it")
        }
        guard found.st_mode & S_IFMT == S_IFREG else {
            throw CommandError("\(path.escaped) is no file, and stays what it is")
        }
        for suffix in ["", "-wal", "-shm", "-journal"] {
            var kept = stat()
            guard stat(database + suffix, &kept) == 0 else { continue }
            guard (kept.st_dev, kept.st_ino) != (found.st_dev, found.st_ino) else {
                throw CommandError("\(path.escaped) is the database itself")
            }
        }
    }

    private func warn(of dangling: Int) {
        guard dangling > 0 else { return }
        var standardError = StandardError()
        print(
            """
            warning: \(dangling) rows refer to a row that is not there, as when another program \
            deletes an account; they are in the backup, and do no harm
            """, to: &standardError)
    }
}

extension AccountSettings {
    /// Opens the database that is set as a whole file.
    ///
    /// - Throws: `CommandError`.
    func openDatabaseFile() throws -> DatabaseFile {
        guard File.exists(at: databasePath) else {
            throw CommandError(
                "there is no database at \(databasePath.quoted); set GATEHOUSE_DATABASE")
        }
        do {
            return try DatabaseFile(path: databasePath, mayWrite: true)
        } catch let error as SQLiteError {
            throw CommandError(
                "the database \(databasePath.quoted) cannot be opened: \(error.message)")
        }
    }
}
