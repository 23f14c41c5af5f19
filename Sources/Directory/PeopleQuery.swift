import Text

/// A search of the directory by name, one page of its result at a time.
public struct PeopleQuery: Equatable, Sendable {
    /// What the whole name begins with, in either order, A to Z in lower case.
    let prefix: String
    let cursor: PeopleCursor
    let limit: Int

    /// The maximum length of a prefix, in UTF-16 units: two names and a blank.
    public static let maximumPrefixLength =
        People.firstName.maximum + 1 + People.lastName.maximum

    /// Makes a query; `nil` if `after` is not a cursor of this list.
    ///
    /// - Parameters:
    ///   - prefix: What the whole name begins with, in either order, in any ASCII case; empty for
    ///     all people.
    ///   - after: The text of the cursor of the previous page; `nil` for the first page.
    ///   - limit: The maximum number of people on a page.
    public init?(prefix: String, after: String?, limit: Int) {
        let prefix = prefix.asciiLowercased
        self.prefix = prefix
        self.limit = limit
        guard let after else {
            cursor = PeopleCursor(before: prefix, in: .lastNameFirst)
            return
        }
        // A cursor outside the list would read rows that do not have the prefix.
        guard let cursor = PeopleCursor(after), Self.orders(of: prefix).contains(cursor.order),
            cursor.key.utf8.starts(with: prefix.utf8)
        else { return nil }
        self.cursor = cursor
    }

    /// The rest of the list, as one range for each order of the names.
    var ranges: [NameRange] {
        Self.orders(of: prefix).drop { $0 != cursor.order }.map { order in
            let isCurrent = order == cursor.order
            let start = isCurrent ? cursor : PeopleCursor(before: prefix, in: order)
            return NameRange(start, prefix: prefix)
        }
    }

    /// People found by the last name come before those found by the first name.
    private static func orders(of prefix: String) -> [NameOrder] {
        prefix.isEmpty ? [.lastNameFirst] : NameOrder.allCases
    }
}
