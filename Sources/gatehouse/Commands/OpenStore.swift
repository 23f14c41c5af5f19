import Cryptography
import Identity
import Logging
import SQLiteStore
import Settings

extension AccountSettings {
    /// Opens the database that is set, or makes one; `cache` is in KiB.
    ///
    /// - Throws: `CommandError`, which names the path that the store's own error leaves out.
    func openStore(cache: Int = SQLiteStore.defaultCache) throws -> any Store {
        do {
            return try SQLiteStore(path: databasePath, cache: cache)
        } catch {
            throw CommandError(
                "the database \(databasePath.quoted) cannot be opened: \(error)\(cure(of: error))")
        }
    }

    /// Opens the database that is set, or makes one, for a server, which stays where that fails.
    ///
    /// A server that ended would be started again ten times a second, and nginx would know no answer
    /// but that nobody answers. So it serves, each request fails with one, and the log says why.
    func openStore(telling logger: Logger) throws -> any Store {
        let path = databasePath
        return try SQLiteStore(path: path, retriesOpening: true) { event in
            switch event {
            case .unopened(let error):
                ServiceManager.tell("STATUS=The database cannot be opened, see the log.")
                logger.error(
                    "the database cannot be opened, requests fail until it can\(cure(of: error))",
                    metadata: ["database": "\(path)", "error": "\(error)"])
            case .refused(let error):
                ServiceManager.tell("STATUS=The disk refuses the database, see the log.")
                logger.error(
                    "the disk refuses the database, requests fail until it can be written",
                    metadata: ["database": "\(path)", "error": "\(error)"])
            case .opened:
                ServiceManager.tell("STATUS=")
                logger.notice("the database is open")
            case .locked:
                logger.error(
                    "another process has locked the database, changes are refused until it lets go",
                    metadata: ["database": "\(path)"])
            case .unlocked: logger.notice("the database is no longer locked")
            case .damaged(let error):
                logger.critical(
                    "the database is damaged\(cure(of: error))",
                    metadata: ["database": "\(path)", "error": "\(error)"])
            }
        }
    }
}

private func cure(of error: any Error) -> String {
    guard (error as? SQLiteError)?.isDamage == true else { return "" }
    return """
        ; stop the server, move the file away together with its -wal, and restore a backup: \
        gatehouse restore FILE
        """
}

/// Opens the database for a command and closes it afterwards.
///
/// - Parameters:
///   - isMade: Whether a missing database is made rather than complained about: a command that
///     looks for an account in a mistyped path should not leave an empty database there.
///   - cache: How much of the file the writer may keep in memory, in KiB.
///   - body: What the command does.
/// - Throws: `SettingsError`, `CommandError`, the store's own error, or what the body throws.
func withStore(
    isMade: Bool, cache: Int = SQLiteStore.defaultCache,
    _ body: (any Store, AccountSettings) async throws -> Void
) async throws {
    let settings = try AccountSettings(from: .present)
    guard isMade || File.exists(at: settings.databasePath) else {
        throw CommandError(
            """
            there is no database at \(settings.databasePath.quoted); set GATEHOUSE_DATABASE, or \
            make one with `gatehouse user add`
            """)
    }
    let store = try settings.openStore(cache: cache)
    defer { store.close() }
    try await body(store, settings)
}

/// Opens the database's accounts for a command and closes them afterwards.
func withAccounts(
    isMade: Bool = false, _ body: (Accounts) async throws -> Void
) async throws {
    try await withStore(isMade: isMade) { store, settings in
        let passwords = try PasswordHasher(
            scheme: settings.passwordScheme, threads: 1, capacity: 1)
        defer { passwords.close() }
        try await body(
            Accounts(
                store: store, passwords: passwords, topLevelDomains: settings.topLevelDomains,
                newPassword: settings.newPassword))
    }
}
