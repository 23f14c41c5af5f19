/// The people that can be found inside `DirectoryStore.read` and `write`.
public protocol PersonRows {
    /// The person with this number.
    func person(id: Person.ID) throws -> Person?
    /// Calls the body for each person, ordered by number, with the names as UTF-8.
    ///
    /// The bytes belong to the store and are valid only during the call, so a list can be written
    /// while it is read, without copies.
    func forEachPerson(
        _ body: (Person.ID, _ firstName: Span<UInt8>, _ lastName: Span<UInt8>) throws -> Void
    ) throws
    /// Calls the body for the first `limit` people of a range of names, in its order.
    ///
    /// The cost grows with `limit`, not with the number of people.
    func forEachPerson(
        in range: NameRange, limit: Int,
        _ body: (Person.ID, _ firstName: Span<UInt8>, _ lastName: Span<UInt8>) throws -> Void
    ) throws
}
