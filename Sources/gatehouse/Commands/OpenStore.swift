import Cryptography
import Identity
import Logging
import SQLiteStore
import Settings

extension AccountSettings {
    /// Opens the configured database, or creates it if it does not exist.
    ///
    /// - Parameter cache: The size of the writing connection's page cache, in KiB.
    /// - Returns: The open store.
    /// - Throws: `CommandError`, which contains the path and the error thrown by the store.
    func openStore(cache: Int = SQLiteStore.defaultCache) throws -> any Store {
        do {
            return try SQLiteStore(path: databasePath, cache: cache)
        } catch {
            throw CommandError(
                """
                cannot open the database \(databasePath.quoted): \(error)\
                \(remedy(for: error))\(remedyForFolder)
                """)
        }
    }

    /// The instructions to append to an error message if the folder of the database is missing or
    /// not writable; otherwise empty.
    private var remedyForFolder: String {
        let folder = File.folder(of: databasePath)
        guard File.exists(at: folder) else { return "; the folder \(folder.quoted) does not exist" }
        return File.isWritable(at: folder) ? "" : "; run the command with sudo"
    }

    /// Opens the configured database for the server, which keeps running if opening fails.
    ///
    /// If the server exited instead, systemd would restart it ten times a second, and clients would
    /// see nginx's 502. A running server answers every request with an error and logs the reason.
    ///
    /// - Parameters:
    ///   - readers: The number of threads that read at the same time. Their connections are opened
    ///     in advance, so that requests are answered even if no file descriptor is left later.
    ///   - logger: The logger for problems with the file.
    /// - Returns: The store, whether or not the database could be opened.
    /// - Throws: An error if a thread cannot be started.
    func openStore(readers: Int, logger: Logger) throws -> any Store {
        let path = databasePath
        return try SQLiteStore(path: path, readers: readers, retriesOpening: true) { event in
            switch event {
            case .unopened(let error):
                ServiceManager.notify("STATUS=The database cannot be opened, see the log.")
                logger.error(
                    "the database cannot be opened; requests fail until this is repaired\(remedy(for: error))",
                    metadata: ["database": "\(path)", "error": "\(error)"])
            case .refused(let error):
                ServiceManager.notify("STATUS=The disk refuses the database, see the log.")
                logger.error(
                    "the disk refuses writes to the database; requests fail until it accepts them",
                    metadata: ["database": "\(path)", "error": "\(error)"])
            case .opened:
                ServiceManager.notify("STATUS=")
                logger.notice("the database is open; requests are served again")
            case .locked:
                logger.error(
                    "another process has locked the database; changes fail until the lock is released",
                    metadata: ["database": "\(path)"])
            case .unlocked: logger.notice("the database is no longer locked")
            case .damaged(let error):
                logger.critical(
                    "the database is damaged\(remedy(for: error))",
                    metadata: ["database": "\(path)", "error": "\(error)"])
            }
        }
    }
}

/// The instructions to append to an error message; empty unless the database is damaged.
private func remedy(for error: any Error) -> String {
    guard (error as? SQLiteError)?.isDamage == true else { return "" }
    return """
        ; stop gatehouse.socket and gatehouse.service, move the file and its -wal to another \
        folder, restore a backup with `gatehouse restore`, and start both again
        """
}

/// Opens the database for a command and closes it afterwards.
///
/// - Parameters:
///   - createIfMissing: Whether to create a missing database instead of throwing an error. Commands
///     that look up an account pass false, so that a mistyped path creates no empty database.
///   - cache: The size of the writing connection's page cache, in KiB.
///   - body: The work of the command.
/// - Throws: `SettingsError`, `CommandError`, or any error thrown by `body`.
func withStore(
    createIfMissing: Bool, cache: Int = SQLiteStore.defaultCache,
    _ body: (any Store, AccountSettings) async throws -> Void
) async throws {
    let settings = try AccountSettings(from: .present)
    let exists = try settings.databaseExists()
    guard createIfMissing || exists else {
        throw CommandError(
            """
            there is no database at \(settings.databasePath.quoted); set GATEHOUSE_DATABASE to \
            the path of an existing one, or create one with `gatehouse user add`
            """)
    }
    let store = try settings.openStore(cache: cache)
    defer { store.close() }
    try await body(store, settings)
}

/// Opens the database for a command that works on accounts, and closes it afterwards.
func withAccounts(
    createIfMissing: Bool = false, _ body: (Accounts) async throws -> Void
) async throws {
    try await withStore(createIfMissing: createIfMissing) { store, settings in
        let passwords = try PasswordHasher(
            scheme: settings.passwordScheme, threads: 1, capacity: 1,
            limit: settings.hashLimit)
        defer { passwords.close() }
        // GATEHOUSE_EMAIL_DOMAINS restricts only signups by strangers, not accounts that the
        // operator adds.
        try await body(
            Accounts(
                store: store, passwords: passwords, topLevelDomains: nil,
                newPassword: settings.newPassword,
                refusesCommonPasswords: settings.refusesCommonPasswords))
    }
}
