import API
import ArgumentParser
import Backup
import Glibc
import Identity
import SQLiteStore
import Settings

/// Puts the database back from a backup.
struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Put the database back from a backup; every session ends.",
        discussion: """
            Verifies the backup, keeps a backup of the present database beside it, and then \
            replaces that as a whole. The server must be stopped.
            """)

    @Argument(help: ArgumentHelp("What `gatehouse backup` has made.", valueName: "file"))
    var path: String

    func run() async throws {
        let settings = try AccountSettings(from: .present)
        let place = RestoreTarget(path: settings.databasePath)
        let draft = try AtomicFile(at: settings.databasePath + ".restoring")
        try FileReader(path: path).forEach { try draft.append($0) }
        let manifest = try BackupFile(verifying: draft.path, as: path).manifest
        try draft.truncate(to: manifest.size)
        do {
            // Locked before anything is prepared: what a server wrote meanwhile would be lost.
            let occupied = try place.lock()
            let ended = try await prepare(draft, from: manifest)
            let kept = try place.keep(occupied)
            try place.replace(occupied, with: draft, orDrop: kept)
            report(manifest, ended: ended, kept: kept)
        } catch let error as SQLiteError {
            throw CommandError(
                """
                \(path.escaped) cannot be restored: \(error.message); \
                \(settings.databasePath.escaped) is as it was
                """)
        }
    }

    /// Brings the copy to this version, and to what it must be before it serves anybody.
    ///
    /// - Returns: How many sessions have ended.
    private func prepare(_ draft: AtomicFile, from manifest: Manifest) async throws -> Int {
        let store = try SQLiteStore(path: draft.path)
        defer { store.close() }
        return try await Restoration(store: store).complete(
            fromBackupOf: manifest.madeAt, at: .now)
    }

    private func report(_ manifest: Manifest, ended: Int, kept: String?) {
        print("Restored: \(manifest).")
        print("Sessions ended: \(ended). Everybody logs in again.")
        print(
            """
            Accounts that were disabled, removed or changed after \(manifest.madeAt.escaped) are \
            as they were: see to them again.
            """)
        if let kept {
            print("What was there before is kept, as a backup, in \(kept.escaped).")
        }
    }
}
