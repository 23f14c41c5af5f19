import ArgumentParser
import Backup
import Glibc
import Identity
import SQLiteStore
import Settings

/// The command `gatehouse backup`, which copies the database into one file or verifies such a file.
///
/// The server may be running.
struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy the database into a file, or verify such a file.",
        discussion: """
            Copies the database of GATEHOUSE_DATABASE as it is at one moment, and checks the copy. \
            The server may be running. Only the owner of the file can read it, and its last line \
            describes its contents. The secret that signs tokens is not included.
            """)

    @Argument(help: ArgumentHelp("The file to create.", valueName: "file"))
    var path: String

    @Flag(help: "Create nothing; verify that the file is a complete, undamaged backup.")
    var verify = false

    @Flag(help: "Replace the file if it exists.")
    var force = false

    func validate() throws {
        guard !(verify && force) else {
            throw ValidationError("Use either --verify or --force, not both.")
        }
        guard !path.isEmpty, path.utf8.last != UInt8(ascii: "/") else {
            throw ValidationError(
                "\(path.quoted) is not the path of a file; add the name of the file to write.")
        }
    }

    func run() throws {
        if verify {
            let backup = try BackupFile(verifying: path, as: path)
            print("\(path.escaped) is valid: \(backup.manifest).")
            return
        }
        let settings = try AccountSettings(from: .present)
        let database = try settings.openDatabaseFile()
        try refuseToReplace(settings.databasePath)
        do {
            let backup = try BackupFile(
                of: database, at: path, madeBy: Release.version, at: .now)
            print("Created \(path.escaped): \(backup.manifest).")
            warn(ofDanglingRows: backup.danglingRows)
        } catch let error as SQLiteError {
            throw copyFailed(settings.databasePath, error.message)
        } catch let error as SQLiteStoreError {
            throw copyFailed(settings.databasePath, "\(error)")
        }
    }

    private func copyFailed(_ database: String, _ reason: String) -> CommandError {
        CommandError("\(database.escaped) cannot be copied to \(path.escaped): \(reason)")
    }

    /// Throws an error if the file exists and must not be replaced, or has the name of one of the
    /// database's files.
    ///
    /// With `--force`, a regular file may be replaced unless it is one of the database's files.
    private func refuseToReplace(_ database: String) throws {
        let isItself = CommandError("\(path.escaped) is the database itself; name another file")
        let suffixes = ["", "-wal", "-shm", "-journal"]
        // SQLite would treat a file with such a name as part of the database, even if the file did
        // not exist before.
        if suffixes.contains(where: { File.name(of: path) == File.name(of: database) + $0 }),
            File.areSame(File.folder(of: path), File.folder(of: database))
        {
            throw isItself
        }
        var found = stat()
        guard lstat(path, &found) == 0 else { return }
        guard force else {
            throw CommandError("\(path.escaped) already exists; use --force to replace it")
        }
        guard found.st_mode & S_IFMT == S_IFREG else {
            throw CommandError("\(path.escaped) is not a regular file, so it is not replaced")
        }
        guard !suffixes.contains(where: { File.areSame(database + $0, path) }) else {
            throw isItself
        }
    }

    private func warn(ofDanglingRows count: Int) {
        guard count > 0 else { return }
        var standardError = StandardError()
        print(
            """
            warning: \(count) rows refer to a row that does not exist, for example because \
            another program deleted an account; they are in the backup and do no harm
            """, to: &standardError)
    }
}
