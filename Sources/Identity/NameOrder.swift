/// Which part of a whole name is written first, where people are put in order and found by name.
public enum NameOrder: Int64, CaseIterable, Sendable {
    /// `Lovelace Ada`: how a list is sorted.
    case lastNameFirst = 0
    /// `Ada Lovelace`
    case firstNameFirst = 1
}

/// A stretch of the people as they are ordered by name: what one page is read from.
///
/// A key is a whole name, its parts in the order and with one blank between, A to Z in lower case
/// and all else as it is. Keys are ordered by their bytes, equal ones by the person's number.
public struct NameRange: Equatable, Sendable {
    /// How the keys are written.
    public let order: NameOrder
    /// The key of the place that the range begins after.
    public let key: String
    /// The number of the place that the range begins after.
    public let id: Person.ID
    /// The key that the range ends before; `nil` for no end.
    public let end: String?

    /// The keys with a prefix that come after a place.
    init(_ cursor: PeopleCursor, prefix: String) {
        order = cursor.order
        key = cursor.key
        id = cursor.id
        end = successor(of: prefix)
    }
}
