/// An entry of the directory.
public struct Person: Equatable, Sendable {
    /// Identifies a person; never reused after the person is removed.
    public typealias ID = Int64

    /// The person's number.
    public let id: ID
    /// The given name, 1 to 30 UTF-16 units.
    public var firstName: String
    /// The family name, 1 to 30 UTF-16 units.
    public var lastName: String

    /// Makes a person value.
    public init(id: ID, firstName: String, lastName: String) {
        self.id = id
        self.firstName = firstName
        self.lastName = lastName
    }
}
