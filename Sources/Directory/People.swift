public import Text

/// Finds, adds, renames and removes the people of the directory.
public struct People: Sendable {
    let store: any DirectoryStore
    /// The maximum number of people that clients can add.
    let maximum: Int

    /// Creates the domain rules for the people in a store.
    ///
    /// - Parameters:
    ///   - store: The store of the directory.
    ///   - maximum: The number of people at which no more people can be added.
    public init(store: any DirectoryStore, maximum: Int = .max) {
        self.store = store
        self.maximum = maximum
    }

    /// The validation rule for first names.
    public static let firstName = TextRule(field: "firstName", maximum: 30)
    /// The validation rule for last names.
    public static let lastName = TextRule(field: "lastName", maximum: 30)

    /// Combines the next people, in the order of their IDs, into a result.
    ///
    /// A list of all people is read slice by slice, so that it needs little memory. A long read
    /// would also keep the store from discarding old states. Each slice is consistent in itself.
    /// IDs are never reused, so no person is in two slices, and everyone who exists from the first
    /// slice to the last is in exactly one slice. If someone is added, renamed or removed while the
    /// list is read, the list may or may not show that change.
    ///
    /// - Parameters:
    ///   - id: The ID of the person after whom the slice begins; `nil` for the first slice.
    ///   - initial: The value to start with.
    ///   - add: Called with each person's ID and names; returns whether the slice has room for
    ///     another person. The names are UTF-8, and their bytes are valid only during the call.
    /// - Returns: The result, and the ID of the slice's last person, which is `nil` after the last
    ///   slice.
    /// - Throws: Any error thrown by the store.
    public func slice<Result: Sendable>(
        after id: Person.ID?, into initial: Result,
        _ add:
            @escaping @Sendable (
                inout Result, Person.ID, _ firstName: Span<UInt8>, _ lastName: Span<UInt8>
            ) -> Bool
    ) async throws -> (result: Result, last: Person.ID?) {
        try await store.read { rows in
            var result = initial
            var last: Person.ID?
            try rows.forEachPerson(after: id) { id, firstName, lastName in
                let hasRoom = add(&result, id, firstName, lastName)
                if !hasRoom { last = id }
                return hasRoom
            }
            return (result, last)
        }
    }

    /// Returns the number of people, at a cost that does not depend on that number.
    public func count() async throws -> Int {
        try await store.read { try $0.personCount() }
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
    /// - Throws: `DirectoryError.invalid` if a name violates its rule; `DirectoryError.full` if the
    ///   directory already has the maximum number of people.
    public func add(firstName: String, lastName: String) async throws -> Person {
        try validate(firstName, lastName)
        return try await store.write { [maximum] rows in
            guard try rows.personCount() < maximum else {
                throw DirectoryError.full("Person", maximum: maximum)
            }
            return try rows.addPerson(firstName: firstName, lastName: lastName)
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
