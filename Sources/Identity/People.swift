/// The directory of people.
public struct People: Sendable {
    let store: any Store

    /// Makes the rules of a store.
    public init(store: any Store) { self.store = store }

    /// What a given name may be.
    public static let firstName = TextRule(field: "firstName", maximum: 30)
    /// What a family name may be.
    public static let lastName = TextRule(field: "lastName", maximum: 30)

    /// Goes through all people in the order of their numbers, with their names as UTF-8.
    ///
    /// The bytes are the store's and end with the call, so a list is written as it is read.
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

    /// The person of that number.
    ///
    /// - Throws: `AuthError.personNotFound`.
    public func find(_ id: Person.ID) async throws -> Person {
        guard let person = try await store.read({ try $0.person(id: id) }) else {
            throw AuthError.personNotFound
        }
        return person
    }

    /// Adds a person.
    ///
    /// - Throws: `AuthError.invalid`.
    public func add(firstName: String, lastName: String) async throws -> Person {
        try validate(firstName, lastName)
        return try await store.write {
            try $0.addPerson(firstName: firstName, lastName: lastName)
        }
    }

    /// Gives a person new names; `nil` keeps the old one.
    ///
    /// - Parameters:
    ///   - id: Who.
    ///   - firstName: The given name.
    ///   - lastName: The family name.
    ///   - expected: The states that are meant to be changed; `nil` for any.
    /// - Returns: The person, renamed.
    /// - Throws: `AuthError.invalid`, `personNotFound` or `personChanged`.
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

    /// Removes a person, if in one of the expected states; `nil` for any.
    ///
    /// - Throws: `AuthError.personNotFound` or `personChanged`.
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
        guard violations.isEmpty else { throw AuthError.invalid(violations) }
    }
}

extension Rows {
    /// The person that is about to be changed.
    fileprivate func person(id: Person.ID, expected: [Fingerprint]?) throws -> Person {
        guard let person = try person(id: id) else { throw AuthError.personNotFound }
        if let expected, try !expected.contains(person.fingerprint) {
            throw AuthError.personChanged
        }
        return person
    }
}
