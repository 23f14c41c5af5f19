public import Text

/// The people of the directory: finds, adds, renames and removes them.
public struct People: Sendable {
    let store: any DirectoryStore

    /// Makes the rules for a store.
    public init(store: any DirectoryStore) { self.store = store }

    /// The rule for a given name.
    public static let firstName = TextRule(field: "firstName", maximum: 30)
    /// The rule for a family name.
    public static let lastName = TextRule(field: "lastName", maximum: 30)

    /// Combines all people, ordered by number, with their names as UTF-8.
    ///
    /// The bytes belong to the store and are valid only during the call of `add`, so a list can be
    /// written while it is read, without copies.
    public func reduce<Result: Sendable>(
        into initial: Result,
        _ add:
            @escaping @Sendable (
                inout Result, Person.ID, _ firstName: Span<UInt8>, _ lastName: Span<UInt8>
            ) -> Void
    ) async throws -> Result {
        try await store.read { rows in
            var result = initial
            try rows.forEachPerson { add(&result, $0, $1, $2) }
            return result
        }
    }

    /// The person with this number.
    ///
    /// - Throws: `DirectoryError.notFound`.
    public func find(_ id: Person.ID) async throws -> Person {
        guard let person = try await store.read({ try $0.person(id: id) }) else {
            throw DirectoryError.notFound("Person")
        }
        return person
    }

    /// Adds a person.
    ///
    /// - Throws: `DirectoryError.invalid`.
    public func add(firstName: String, lastName: String) async throws -> Person {
        try validate(firstName, lastName)
        return try await store.write {
            try $0.addPerson(firstName: firstName, lastName: lastName)
        }
    }

    /// Changes a person's names; `nil` keeps a name.
    ///
    /// - Parameters:
    ///   - id: The person's number.
    ///   - firstName: The given name.
    ///   - lastName: The family name.
    ///   - expected: The states in which the person may be changed; `nil` for any state.
    /// - Returns: The person, renamed.
    /// - Throws: `DirectoryError`.
    @discardableResult
    public func rename(
        _ id: Person.ID, firstName: String?, lastName: String?, expected: [Fingerprint]? = nil
    ) async throws -> Person {
        try validate(firstName, lastName)
        return try await store.write { rows in
            var person = try rows.person(id: id, expected: expected)
            person.firstName = firstName ?? person.firstName
            person.lastName = lastName ?? person.lastName
            try rows.updatePerson(person)
            return person
        }
    }

    /// Removes a person if it is in one of the expected states; `nil` for any state.
    ///
    /// - Throws: `DirectoryError.notFound` or `changed`.
    public func remove(_ id: Person.ID, expected: [Fingerprint]? = nil) async throws {
        try await store.write { rows in
            let person = try rows.person(id: id, expected: expected)
            _ = try rows.removePerson(id: person.id)
        }
    }

    private func validate(_ firstName: String?, _ lastName: String?) throws {
        let violations =
            (firstName.map(Self.firstName.violations) ?? [])
            + (lastName.map(Self.lastName.violations) ?? [])
        guard violations.isEmpty else { throw DirectoryError.invalid(violations) }
    }
}

extension PersonRows {
    /// The person to change, if it is in one of the expected states; `nil` for any state.
    fileprivate func person(id: Person.ID, expected: [Fingerprint]?) throws -> Person {
        guard let person = try person(id: id) else { throw DirectoryError.notFound("Person") }
        if let expected, try !expected.contains(person.fingerprint) {
            throw DirectoryError.changed("Person")
        }
        return person
    }
}
