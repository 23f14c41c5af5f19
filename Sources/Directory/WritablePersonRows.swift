/// The operations that change people inside `DirectoryStore.write`.
public protocol WritablePersonRows: PersonRows {
    /// Adds a person with a new ID.
    func addPerson(firstName: String, lastName: String) throws -> Person
    /// Adds a person with a given ID; people added later with a new ID get greater IDs.
    ///
    /// - Returns: `false` if the ID is taken.
    func addPerson(_ person: Person) throws -> Bool
    /// Stores the names of a person, whose ID must exist.
    func updatePerson(_ person: Person) throws
    /// Removes a person.
    ///
    /// - Returns: `false` if no person has this ID.
    func removePerson(id: Person.ID) throws -> Bool
}
