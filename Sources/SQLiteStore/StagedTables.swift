import Directory
import Identity

/// The two tables of `SQLiteStaging` and their prepared statements.
final class StagedTables {
    // The columns that the statements `accounts` and `people` return, in this order. The first
    // columns of both statements are the place in the import file.
    private enum AccountColumn: Int32 {
        case line, record, email, passwordHash, role, isDisabled, createdAt
    }
    private enum PersonColumn: Int32 { case line, record, id, firstName, lastName }

    private let connection: Connection
    private let addAccount: Statement
    private let placeOfAccount: Statement
    private let accounts: Statement
    private let addPerson: Statement
    private let placeOfPerson: Statement
    private let people: Statement

    init() throws {
        connection = try Connection(temporary: ())
        // Nothing is rolled back and nothing outlives the process, so no journal and no sync are
        // needed.
        try connection.execute(
            """
            PRAGMA journal_mode = OFF;
            PRAGMA synchronous = OFF;
            CREATE TABLE accounts (
                number INTEGER PRIMARY KEY,
                email TEXT NOT NULL,
                address_key TEXT NOT NULL UNIQUE,
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
                (email, password_hash, role, is_disabled, created_at, line, record, address_key)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (address_key) DO NOTHING
            """, on: connection)
        placeOfAccount = try Statement(
            "SELECT line, record FROM accounts WHERE address_key = ?1", on: connection)
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
        let key = Account.addressKey(of: account.email)
        try addAccount.bind(8, key).bind(1, account.email).bind(2, account.passwordHash)
            .bind(3, account.role.rawValue).bind(4, account.isDisabled ? 1 : 0)
            .bind(5, account.createdAt?.milliseconds).bind(6, Int64(place.line))
            .bind(7, place.record.map(Int64.init)).run()
        guard connection.changes == 0 else { return nil }
        return try placeOfAccount.bind(1, key).first(ImportPlace.init)
    }

    func stage(_ person: Person, from place: ImportPlace) throws -> ImportPlace? {
        try addPerson.bind(1, person.id).bind(2, person.firstName).bind(3, person.lastName)
            .bind(4, Int64(place.line)).bind(5, place.record.map(Int64.init)).run()
        guard connection.changes == 0 else { return nil }
        return try placeOfPerson.bind(1, person.id).first(ImportPlace.init)
    }

    func eachAccount(_ body: (ImportedAccount, ImportPlace) throws -> Void) throws {
        try accounts.forEach { row in
            guard let role = Role(rawValue: row.text(AccountColumn.role)) else {
                throw SQLiteStoreError.unknownValue(column: "accounts.role")
            }
            let account = ImportedAccount(
                email: row.text(AccountColumn.email),
                passwordHash: row.text(AccountColumn.passwordHash), role: role,
                isDisabled: row.number(AccountColumn.isDisabled) != 0,
                createdAt: row.momentIfAny(AccountColumn.createdAt))
            try body(account, ImportPlace(row))
        }
    }

    func forEachPerson(_ body: (Person, ImportPlace) throws -> Void) throws {
        try people.forEach { row in
            let person = Person(
                id: row.number(PersonColumn.id), firstName: row.text(PersonColumn.firstName),
                lastName: row.text(PersonColumn.lastName))
            try body(person, ImportPlace(row))
        }
    }
}

extension ImportPlace {
    private enum Column: Int32 { case line, record }

    /// Reads a place in an import file from the first two columns of a row.
    fileprivate init(_ row: Row) {
        self.init(
            line: Int(row.number(Column.line)),
            record: row.numberIfAny(Column.record).map { Int($0) })
    }
}
