import Text

/// A range of the list of people sorted by name; a page of results is read from the range.
///
/// A key is one name (or the rest of that name, beginning at a later word), a space and the other
/// name, with A to Z in lower case and everything else unchanged. Keys are sorted by their bytes.
/// People with equal keys are sorted by their IDs.
public struct NameRange: Equatable, Sendable {
    /// The order of the two names in a key.
    public let order: NameOrder
    /// The range begins after the position (`key`, `id`), so it does not contain that position.
    public let key: String
    /// The person's ID in the position (`key`, `id`) after which the range begins.
    public let id: Person.ID
    /// The key before which the range ends; `nil` if the range has no end.
    public let end: String?

    /// Creates the range of the keys that have a prefix and come after a position.
    init(_ cursor: PeopleCursor, prefix: String) {
        order = cursor.order
        key = cursor.key
        id = cursor.id
        end = prefix.successorOfPrefix
    }
}
