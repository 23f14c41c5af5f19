import Directory
import Identity

/// The prepared statements for the tables `people` and `people_by_name`.
struct PersonStatements {
    /// The columns that `byID`, `all`, `allAfter` and `byName` return, in this order; only `byName`
    /// returns `name`.
    enum Column: Int32 { case id, firstName, lastName, name }

    let byID: Statement
    let all: Statement
    let allAfter: Statement
    let count: Statement
    let byName: Statement
    let add: Statement
    let addNumbered: Statement
    let update: Statement
    let remove: Statement

    init(on connection: Connection) throws(SQLiteError) {
        byID = try Statement(
            "SELECT id, first_name, last_name FROM people WHERE id = ?1", on: connection)
        all = try Statement(
            "SELECT id, first_name, last_name FROM people ORDER BY id", on: connection)
        allAfter = try Statement(
            "SELECT id, first_name, last_name FROM people WHERE id > ?1 ORDER BY id",
            on: connection)
        count = try Statement("SELECT number FROM people_count", on: connection)
        // SQLite sorts every string before every blob, so the empty blob x'' is an upper bound of
        // all names, for a range that has no end.
        byName = try Statement(
            """
            SELECT id, first_name, last_name, name FROM people_by_name
            WHERE name_order = ?1 AND (name, id) > (?2, ?3) AND name < coalesce(?4, x'')
            ORDER BY name, id LIMIT ?5
            """, on: connection)
        add = try Statement(
            "INSERT INTO people (first_name, last_name) VALUES (?1, ?2)", on: connection)
        addNumbered = try Statement(
            """
            INSERT INTO people (id, first_name, last_name) VALUES (?1, ?2, ?3)
            ON CONFLICT (id) DO NOTHING
            """, on: connection)
        update = try Statement(
            "UPDATE people SET first_name = ?2, last_name = ?3 WHERE id = ?1", on: connection)
        remove = try Statement("DELETE FROM people WHERE id = ?1", on: connection)
    }
}

extension SQLiteRows {
    func person(id: Person.ID) throws -> Person? {
        typealias Column = PersonStatements.Column
        return try personStatements.byID.bind(1, id).first { row in
            Person(
                id: row.number(Column.id), firstName: row.text(Column.firstName),
                lastName: row.text(Column.lastName))
        }
    }

    func personCount() throws -> Int {
        guard let count = try personStatements.count.first({ $0.number(0) }) else {
            throw SQLiteStoreError.missingRow(table: "people_count")
        }
        return Int(count)
    }

    func forEachPerson(
        after id: Person.ID?,
        _ body: (Person.ID, _ firstName: Span<UInt8>, _ lastName: Span<UInt8>) throws -> Bool
    ) throws {
        typealias Column = PersonStatements.Column
        let statement =
            if let id {
                try personStatements.allAfter.bind(1, id)
            } else {
                personStatements.all
            }
        try statement.forEachWhile { row in
            let firstName = row.bytes(Column.firstName)
            let lastName = row.bytes(Column.lastName)
            return try body(row.number(Column.id), firstName.span, lastName.span)
        }
    }

    func forEachPerson(
        in range: NameRange, limit: Int,
        _ body: (
            Person.ID, _ firstName: Span<UInt8>, _ lastName: Span<UInt8>, _ key: Span<UInt8>
        ) throws -> Void
    ) throws {
        let byName = try personStatements.byName.bind(1, range.order.rawValue).bind(2, range.key)
            .bind(3, range.id).bind(4, range.end).bind(5, Int64(limit))
        typealias Column = PersonStatements.Column
        try byName.forEach { row in
            let firstName = row.bytes(Column.firstName)
            let lastName = row.bytes(Column.lastName)
            let key = row.bytes(Column.name)
            try body(row.number(Column.id), firstName.span, lastName.span, key.span)
        }
    }

    func addPerson(firstName: String, lastName: String) throws -> Person {
        try change(with: personStatements.add.bind(1, firstName).bind(2, lastName))
        return Person(id: connection.lastInsertedID, firstName: firstName, lastName: lastName)
    }

    func addPerson(_ person: Person) throws -> Bool {
        let add = try personStatements.addNumbered.bind(1, person.id).bind(2, person.firstName)
            .bind(3, person.lastName)
        return try change(with: add) == 1
    }

    func updatePerson(_ person: Person) throws {
        let update = try personStatements.update.bind(1, person.id).bind(2, person.firstName)
            .bind(3, person.lastName)
        try changeRow(of: "people", with: update)
    }

    func removePerson(id: Person.ID) throws -> Bool {
        try change(with: personStatements.remove.bind(1, id)) == 1
    }
}
