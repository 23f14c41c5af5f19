/// The operations that find people inside `DirectoryStore.read` and `DirectoryStore.write`.
public protocol PersonRows {
    /// Returns the person with this ID, or `nil` if there is no such person.
    func person(id: Person.ID) throws -> Person?
    /// Returns the number of people, at a cost that does not depend on that number.
    func personCount() throws -> Int
    /// Calls the body for each person after an ID, or for every person if the ID is `nil`, in the
    /// order of their IDs, until the body returns `false`.
    ///
    /// The names are UTF-8. Their bytes belong to the store and are valid only during the call. So
    /// the body can write each person to a list without copying the names first.
    func forEachPerson(
        after id: Person.ID?,
        _ body: (Person.ID, _ firstName: Span<UInt8>, _ lastName: Span<UInt8>) throws -> Bool
    ) throws
    /// Calls the body for the first `limit` keys of a range of names, in the order of the range.
    ///
    /// The body is called once for each key, so several times for some people. The cost grows with
    /// `limit`, not with the number of people.
    func forEachPerson(
        in range: NameRange, limit: Int,
        _ body: (
            Person.ID, _ firstName: Span<UInt8>, _ lastName: Span<UInt8>, _ key: Span<UInt8>
        ) throws -> Void
    ) throws
}

extension PersonRows {
    /// Calls the body for each person, in the order of their IDs, with the names as UTF-8.
    public func forEachPerson(
        _ body: (Person.ID, _ firstName: Span<UInt8>, _ lastName: Span<UInt8>) throws -> Void
    ) throws {
        try forEachPerson(after: nil) { id, firstName, lastName in
            try body(id, firstName, lastName)
            return true
        }
    }
}
