import Text

/// A query for one page of the people who have a name with a word that begins with a prefix.
public struct PeopleQuery: Equatable, Sendable {
    /// The prefix of a key (`NameRange`), with A to Z in lower case.
    let prefix: String
    let cursor: PeopleCursor
    let limit: Int

    /// The maximum length of a prefix in UTF-16 units, which is that of two names and a space.
    public static let maximumPrefixLength =
        People.firstName.maximum + 1 + People.lastName.maximum

    /// Creates a query; returns `nil` if `after` is not a cursor of the list for this prefix.
    ///
    /// - Parameters:
    ///   - prefix: The beginning of any word of a name, in any ASCII case. It may go on with the
    ///     rest of that name and then with the other name, as in `lovelace a`. It is empty for all
    ///     people.
    ///   - after: The string form of the cursor that the previous page returned; `nil` for the
    ///     first page.
    ///   - limit: The maximum number of people on a page.
    public init?(prefix: String, after: String?, limit: Int) {
        let prefix = prefix.asciiLowercased
        self.prefix = prefix
        self.limit = limit
        guard let after else {
            cursor = PeopleCursor(before: prefix, in: .lastNameFirst)
            return
        }
        // A query with a cursor outside the list would read rows that do not have the prefix.
        guard let cursor = PeopleCursor(after), Self.orders(of: prefix).contains(cursor.order),
            cursor.key.utf8.starts(with: prefix.utf8)
        else { return nil }
        self.cursor = cursor
    }

    /// The rest of the list after the cursor, as one range for each order of the names.
    var ranges: [NameRange] {
        Self.orders(of: prefix).drop { $0 != cursor.order }.map { order in
            let isCurrent = order == cursor.order
            let start = isCurrent ? cursor : PeopleCursor(before: prefix, in: order)
            return NameRange(start, prefix: prefix)
        }
    }

    /// Returns the name orders to search, in the order in which their results are listed.
    ///
    /// People found by the last name come before people found by the first name. People found by a
    /// later word of a name come last.
    private static func orders(of prefix: String) -> [NameOrder] {
        prefix.isEmpty ? [.lastNameFirst] : NameOrder.allCases
    }
}
