public import Text

/// Finds, adds, renames and removes the people of the directory.
public struct People: Sendable {
    let store: any DirectoryStore

    /// Creates the domain rules for the people in a store.
    public init(store: any DirectoryStore) { self.store = store }

    /// The validation rule for first names.
    public static let firstName = TextRule(field: "firstName", maximum: 30)
    /// The validation rule for last names.
    public static let lastName = TextRule(field: "lastName", maximum: 30)

    /// Combines all people, in the order of their IDs, into a result.
    ///
    /// The names are passed as UTF-8. Their bytes belong to the store and are valid only during the
    /// call of `add`. So the caller can write a list of people while reading it, without copies.
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

    /// Returns the person with this ID.
    ///
    /// - Throws: `DirectoryError.notFound` if there is no such person.
    public func find(_ id: Person.ID) async throws -> Person {
        guard let person = try await store.read({ try $0.person(id: id) }) else {
            throw DirectoryError.notFound("Person")
        }
        return person
    }

    /// Adds a person.
    ///
    /// - Throws: `DirectoryError.invalid` if a name violates its rule.
    public func add(firstName: String, lastName: String) async throws -> Person {
        try validate(firstName, lastName)
        return try await store.write {
            try $0.addPerson(firstName: firstName, lastName: lastName)
        }
    }

    /// Changes a person's names; `nil` keeps a name.
    ///
    /// - Parameters:
    ///   - id: The person's ID.
    ///   - firstName: The new first name.
    ///   - lastName: The new last name.
    ///   - expected: The states in which the person may be changed; `nil` for any state.
    /// - Returns: The person with the new names.
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

    /// Removes a person who is in one of the expected states; `nil` allows any state.
    ///
    /// - Throws: `DirectoryError.notFound` or `DirectoryError.changed`.
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
    /// Returns the person to change, who must be in one of the expected states; `nil` allows any
    /// state.
    fileprivate func person(id: Person.ID, expected: [Fingerprint]?) throws -> Person {
        guard let person = try person(id: id) else { throw DirectoryError.notFound("Person") }
        if let expected, try !expected.contains(person.fingerprint) {
            throw DirectoryError.changed("Person")
        }
        return person
    }
}
