/// The operations that find people inside `DirectoryStore.read` and `DirectoryStore.write`.
public protocol PersonRows {
    /// Returns the person with this ID, or `nil` if there is no such person.
    func person(id: Person.ID) throws -> Person?
    /// Calls the body for each person, in the order of their IDs, with the names as UTF-8.
    ///
    /// The bytes belong to the store and are valid only during the call. So the caller can write a
    /// list of people while reading it, without copies.
    func forEachPerson(
        _ body: (Person.ID, _ firstName: Span<UInt8>, _ lastName: Span<UInt8>) throws -> Void
    ) throws
    /// Calls the body for the first `limit` people of a range of names, in the order of the range.
    ///
    /// The cost grows with `limit`, not with the number of people.
    func forEachPerson(
        in range: NameRange, limit: Int,
        _ body: (Person.ID, _ firstName: Span<UInt8>, _ lastName: Span<UInt8>) throws -> Void
    ) throws
}
