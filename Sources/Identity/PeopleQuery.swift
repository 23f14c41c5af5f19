/// What is asked of the directory, page by page.
public struct PeopleQuery: Equatable, Sendable {
    /// What the whole name begins with, in either order, A to Z in lower case.
    let prefix: String
    let cursor: PeopleCursor
    let limit: Int

    /// What a whole name can begin with: two names and a blank.
    public static let prefix = TextRule(
        field: "q", maximum: People.firstName.maximum + 1 + People.lastName.maximum)

    /// Makes a query, unless `after` is no cursor of this list.
    ///
    /// - Parameters:
    ///   - prefix: What the whole name begins with, in either order, in any ASCII case; empty for
    ///     all people.
    ///   - after: The text of the cursor that the page before gave; `nil` for the first page.
    ///   - limit: How many people are on a page at most.
    public init?(prefix: String, after: String?, limit: Int) {
        let prefix = prefix.asciiLowercased
        self.prefix = prefix
        self.limit = limit
        guard let after else {
            cursor = PeopleCursor(before: prefix, in: .lastNameFirst)
            return
        }
        // What lies outside of the list would be read from its own place, to wherever it ends.
        guard let cursor = PeopleCursor(after), Self.orders(of: prefix).contains(cursor.order),
            cursor.key.utf8.starts(with: prefix.utf8)
        else { return nil }
        self.cursor = cursor
    }

    /// What remains of the list, stretch by stretch.
    var ranges: [NameRange] {
        Self.orders(of: prefix).drop { $0 != cursor.order }.map { order in
            let isCurrent = order == cursor.order
            let start = isCurrent ? cursor : PeopleCursor(before: prefix, in: order)
            return NameRange(start, prefix: prefix)
        }
    }

    /// Whoever is found by the last name comes first, then who is found by the first name.
    private static func orders(of prefix: String) -> [NameOrder] {
        prefix.isEmpty ? [.lastNameFirst] : NameOrder.allCases
    }
}
