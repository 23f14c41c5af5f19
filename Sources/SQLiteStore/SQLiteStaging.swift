public import Directory
public import Identity
import Threads

/// Stages imported accounts and people in a temporary database, which is deleted with this object.
///
/// It holds no lock on the store. It needs little memory, because data beyond a few megabytes is
/// kept in an unnamed file in the directory that `SQLITE_TMPDIR` or `TMPDIR` names, or in
/// `/var/tmp`.
public final class SQLiteStaging: Staging, Sendable {
    private let tables: Guarded<StagedTables>

    /// Creates an empty temporary database.
    ///
    /// - Throws: `SQLiteError`.
    public init() throws { tables = Guarded(try StagedTables()) }

    /// Stages an account, unless an account with the same address has already been staged.
    ///
    /// - Throws: `SQLiteError`.
    public func stage(_ account: ImportedAccount, from place: ImportPlace) throws -> ImportPlace? {
        try tables.withLock { try $0.stage(account, from: place) }
    }

    /// Stages a person, unless a person with the same ID has already been staged.
    ///
    /// - Throws: `SQLiteError`.
    public func stage(_ person: Person, from place: ImportPlace) throws -> ImportPlace? {
        try tables.withLock { try $0.stage(person, from: place) }
    }

    /// Calls the body for each staged account.
    ///
    /// The body must not stage anything.
    ///
    /// - Throws: `SQLiteError`, or any error thrown by the body.
    public func eachAccount(_ body: (ImportedAccount, ImportPlace) throws -> Void) throws {
        try tables.withLock { try $0.eachAccount(body) }
    }

    /// Calls the body for each staged person.
    ///
    /// The body must not stage anything.
    ///
    /// - Throws: `SQLiteError`, or any error thrown by the body.
    public func forEachPerson(_ body: (Person, ImportPlace) throws -> Void) throws {
        try tables.withLock { try $0.forEachPerson(body) }
    }
}
