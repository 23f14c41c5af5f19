import ArgumentParser
import Backup
import Glibc
import Identity
import SQLiteStore
import Settings

/// The command `gatehouse restore`, which replaces the database with a backup.
struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Restore the database from a backup; all sessions end.",
        discussion: """
            Verifies the backup, makes a backup of the present database beside it, and then \
            replaces the whole database. The server must be stopped.
            """)

    @Argument(help: ArgumentHelp("A file made by `gatehouse backup`.", valueName: "file"))
    var path: String

    func run() async throws {
        let settings = try AccountSettings(from: .present)
        try settings.refuseForeignLinks()
        let target = RestoreTarget(path: settings.databasePath)
        let file = try AtomicFile(at: settings.databasePath + ".restoring")
        try file.append(contentsOf: path)
        let manifest = try BackupFile(verifying: file.path, as: path).manifest
        try file.truncate(to: manifest.size)
        do {
            // Lock first. Otherwise a server that starts in the meantime could write, and those
            // writes would be lost.
            let locked = try target.lock()
            let endedSessions = try await prepare(file, from: manifest)
            let previous = try target.backUp(
                locked, madeBy: Release.version, at: .now)
            try target.replace(locked, with: file, deletingOnFailure: previous)
            report(manifest, endedSessions: endedSessions, previous: previous)
        } catch let error as SQLiteError {
            throw CommandError(
                """
                \(path.escaped) cannot be restored: \(error.message); \
                \(settings.databasePath.escaped) is unchanged
                """)
        }
    }

    /// Migrates the copy of the backup to this version's schema and ends all sessions in the copy.
    ///
    /// This happens before any server uses the copy.
    ///
    /// - Returns: The number of ended sessions.
    private func prepare(_ file: AtomicFile, from manifest: Manifest) async throws -> Int {
        let store = try SQLiteStore(path: file.path)
        defer { store.close() }
        return try await Restoration(store: store).complete(
            fromBackupOf: manifest.madeAt, at: .now)
    }

    private func report(_ manifest: Manifest, endedSessions: Int, previous: String?) {
        print("Restored: \(manifest).")
        print("Sessions ended: \(endedSessions). Everyone must log in again.")
        print(
            """
            Accounts that were disabled, removed or changed after \(manifest.madeAt.escaped) are \
            as they were before: check them.
            """)
        if let previous {
            print("A backup of the previous database is in \(previous.escaped).")
        }
    }
}
