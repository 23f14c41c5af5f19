/// The changes of people that can be made inside `DirectoryStore.write`.
public protocol WritablePersonRows: PersonRows {
    /// Adds a person.
    func addPerson(firstName: String, lastName: String) throws -> Person
    /// Adds a person with a given number; people added later without one get greater numbers.
    ///
    /// - Returns: `false` if the number is taken.
    func addPerson(_ person: Person) throws -> Bool
    /// Stores the person's names. The number must exist.
    func updatePerson(_ person: Person) throws
    /// Removes a person.
    ///
    /// - Returns: `false` if no person has this number.
    func removePerson(id: Person.ID) throws -> Bool
}
