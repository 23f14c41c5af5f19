public import Directory
public import Identity
import Threads

/// Accounts and people that wait in a database of their own, which goes with this value.
///
/// It holds no lock of the store's, and little memory: what is more than a few megabytes is in a
/// file without a name, in the directory that `SQLITE_TMPDIR` or `TMPDIR` names, else in
/// `/var/tmp`.
public final class SQLiteStaging: Staging, Sendable {
    private let tables: Guarded<StagedTables>

    /// Makes an empty one.
    ///
    /// - Throws: `SQLiteError`.
    public init() throws { tables = Guarded(try StagedTables()) }

    /// Stages an account, unless one of its address is staged.
    ///
    /// - Throws: `SQLiteError`.
    public func stage(_ account: ImportedAccount, from place: ImportPlace) throws -> ImportPlace? {
        try tables.withLock { try $0.stage(account, from: place) }
    }

    /// Stages a person, unless one of its number is staged.
    ///
    /// - Throws: `SQLiteError`.
    public func stage(_ person: Person, from place: ImportPlace) throws -> ImportPlace? {
        try tables.withLock { try $0.stage(person, from: place) }
    }

    /// Calls the body for each account; nobody can be staged from within.
    ///
    /// - Throws: `SQLiteError`, or what the body throws.
    public func eachAccount(_ body: (ImportedAccount, ImportPlace) throws -> Void) throws {
        try tables.withLock { try $0.eachAccount(body) }
    }

    /// Calls the body for each person; nobody can be staged from within.
    ///
    /// - Throws: `SQLiteError`, or what the body throws.
    public func forEachPerson(_ body: (Person, ImportPlace) throws -> Void) throws {
        try tables.withLock { try $0.forEachPerson(body) }
    }
}

/// The two tables and their statements.
private final class StagedTables {
    private let connection: Connection
    private let addAccount: Statement
    private let placeOfAccount: Statement
    private let accounts: Statement
    private let addPerson: Statement
    private let placeOfPerson: Statement
    private let people: Statement

    init() throws {
        connection = try Connection(temporary: ())
        // Nothing is ever rolled back, and nothing outlives the process.
        try connection.execute(
            """
            PRAGMA journal_mode = OFF;
            PRAGMA synchronous = OFF;
            CREATE TABLE accounts (
                number INTEGER PRIMARY KEY,
                email TEXT NOT NULL COLLATE NOCASE UNIQUE,
                password_hash TEXT NOT NULL,
                role TEXT NOT NULL,
                is_disabled INTEGER NOT NULL,
                created_at INTEGER,
                line INTEGER NOT NULL,
                record INTEGER
            ) STRICT;
            CREATE TABLE people (
                id INTEGER PRIMARY KEY,
                first_name TEXT NOT NULL,
                last_name TEXT NOT NULL,
                line INTEGER NOT NULL,
                record INTEGER
            ) STRICT;
            BEGIN
            """)
        addAccount = try Statement(
            """
            INSERT INTO accounts
                (email, password_hash, role, is_disabled, created_at, line, record)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (email) DO NOTHING
            """, on: connection)
        placeOfAccount = try Statement(
            "SELECT line, record FROM accounts WHERE email = ?1", on: connection)
        accounts = try Statement(
            """
            SELECT line, record, email, password_hash, role, is_disabled, created_at
            FROM accounts ORDER BY number
            """, on: connection)
        addPerson = try Statement(
            """
            INSERT INTO people VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (id) DO NOTHING
            """, on: connection)
        placeOfPerson = try Statement(
            "SELECT line, record FROM people WHERE id = ?1", on: connection)
        people = try Statement(
            "SELECT line, record, id, first_name, last_name FROM people ORDER BY id",
            on: connection)
    }

    func stage(_ account: ImportedAccount, from place: ImportPlace) throws -> ImportPlace? {
        try addAccount.bind(1, account.email).bind(2, account.passwordHash)
            .bind(3, account.role.rawValue).bind(4, account.isDisabled ? 1 : 0)
            .bind(5, account.createdAt?.milliseconds).bind(6, Int64(place.line))
            .bind(7, place.record.map(Int64.init)).run()
        guard connection.changes == 0 else { return nil }
        return try placeOfAccount.bind(1, account.email).first(ImportPlace.init)
    }

    func stage(_ person: Person, from place: ImportPlace) throws -> ImportPlace? {
        try addPerson.bind(1, person.id).bind(2, person.firstName).bind(3, person.lastName)
            .bind(4, Int64(place.line)).bind(5, place.record.map(Int64.init)).run()
        guard connection.changes == 0 else { return nil }
        return try placeOfPerson.bind(1, person.id).first(ImportPlace.init)
    }

    func eachAccount(_ body: (ImportedAccount, ImportPlace) throws -> Void) throws {
        try accounts.forEach { row in
            guard let role = Role(rawValue: row.text(4)) else {
                throw SQLiteStoreError.unknownValue(column: "accounts.role")
            }
            let account = ImportedAccount(
                email: row.text(2), passwordHash: row.text(3), role: role,
                isDisabled: row.number(5) != 0, createdAt: row.momentIfAny(6))
            try body(account, ImportPlace(row))
        }
    }

    func forEachPerson(_ body: (Person, ImportPlace) throws -> Void) throws {
        try people.forEach { row in
            let person = Person(id: row.number(2), firstName: row.text(3), lastName: row.text(4))
            try body(person, ImportPlace(row))
        }
    }
}

extension ImportPlace {
    /// Reads the first two columns.
    fileprivate init(_ row: Row) {
        self.init(
            line: Int(row.number(0)), record: row.numberIfAny(1).map { Int($0) })
    }
}
