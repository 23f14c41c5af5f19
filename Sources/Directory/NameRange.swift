import Text

/// A range of the people sorted by name, from which one page is read.
///
/// A key is a whole name: its two parts in the given order with one blank between them, A to Z in
/// lower case and everything else unchanged. Keys are sorted by their bytes, equal keys by the
/// person's number.
public struct NameRange: Equatable, Sendable {
    /// The order of the two names in a key.
    public let order: NameOrder
    /// The range begins after the person with this key and number.
    public let key: String
    /// The range begins after the person with this number among those with the same key.
    public let id: Person.ID
    /// The range ends before this key; `nil` if it has no end.
    public let end: String?

    /// The keys with a prefix that come after a position.
    init(_ cursor: PeopleCursor, prefix: String) {
        order = cursor.order
        key = cursor.key
        id = cursor.id
        end = prefix.successorOfPrefix
    }
}
