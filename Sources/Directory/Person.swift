/// A person in the directory.
public struct Person: Equatable, Sendable {
    /// The type of a person's ID, which is never reused after the person is removed.
    public typealias ID = Int64

    /// The person's ID.
    public let id: ID
    /// The first name, which has 1 to 30 UTF-16 units.
    public var firstName: String
    /// The last name, which has 1 to 30 UTF-16 units.
    public var lastName: String

    /// Creates a person without storing it.
    public init(id: ID, firstName: String, lastName: String) {
        self.id = id
        self.firstName = firstName
        self.lastName = lastName
    }
}
