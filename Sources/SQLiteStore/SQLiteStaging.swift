public import Directory
public import Identity
import Threads

/// Stages imported accounts and people in a temporary database, which is deleted with this value.
///
/// It holds no lock of the store and little memory: more than a few megabytes go to an unnamed file
/// in the directory that `SQLITE_TMPDIR` or `TMPDIR` names, or in `/var/tmp`.
public final class SQLiteStaging: Staging, Sendable {
    private let tables: Guarded<StagedTables>

    /// Creates an empty database.
    ///
    /// - Throws: `SQLiteError`.
    public init() throws { tables = Guarded(try StagedTables()) }

    /// Stages an account, unless a staged account has its address.
    ///
    /// - Throws: `SQLiteError`.
    public func stage(_ account: ImportedAccount, from place: ImportPlace) throws -> ImportPlace? {
        try tables.withLock { try $0.stage(account, from: place) }
    }

    /// Stages a person, unless a staged person has the number.
    ///
    /// - Throws: `SQLiteError`.
    public func stage(_ person: Person, from place: ImportPlace) throws -> ImportPlace? {
        try tables.withLock { try $0.stage(person, from: place) }
    }

    /// Calls the body for each account.
    ///
    /// The body must not stage anything.
    ///
    /// - Throws: `SQLiteError`, or what the body throws.
    public func eachAccount(_ body: (ImportedAccount, ImportPlace) throws -> Void) throws {
        try tables.withLock { try $0.eachAccount(body) }
    }

    /// Calls the body for each person.
    ///
    /// The body must not stage anything.
    ///
    /// - Throws: `SQLiteError`, or what the body throws.
    public func forEachPerson(_ body: (Person, ImportPlace) throws -> Void) throws {
        try tables.withLock { try $0.forEachPerson(body) }
    }
}
