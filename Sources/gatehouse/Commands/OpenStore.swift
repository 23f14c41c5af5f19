import Cryptography
import Identity
import SQLiteStore

extension AccountSettings {
    /// Opens the database that is set, or makes one; `cache` is in KiB.
    ///
    /// - Throws: `Complaint`, which names the path that the store's own error leaves out.
    func openStore(cache: Int = SQLiteStore.usualCache) throws -> SQLiteStore {
        do {
            return try SQLiteStore(path: databasePath, cache: cache)
        } catch {
            throw Complaint("the database \(databasePath.quoted) cannot be opened: \(error)")
        }
    }
}

/// Opens the database for a command and closes it afterwards.
///
/// - Parameters:
///   - isMade: Whether a missing database is made rather than complained about: a command that
///     looks for an account in a mistyped path should not leave an empty database there.
///   - cache: How much of the file the writer may keep in memory, in KiB.
///   - body: What the command does.
/// - Throws: `Misconfiguration`, `Complaint`, the store's own error, or what the body throws.
func withStore(
    isMade: Bool, cache: Int = SQLiteStore.usualCache,
    _ body: (SQLiteStore, AccountSettings) async throws -> Void
) async throws {
    let settings = try AccountSettings(from: .present)
    guard isMade || File.exists(at: settings.databasePath) else {
        throw Complaint(
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
