import Text

/// What accounts are looked for by their e-mail addresses, page by page.
public struct AddressQuery: Equatable, Sendable {
    let range: AddressRange
    let limit: Int

    /// The maximum length of a prefix, in UTF-16 units: that of an address in the contract.
    public static let maximumPrefixLength = 100

    /// Makes a query, unless `after` is no cursor of this list.
    ///
    /// - Parameters:
    ///   - prefix: What the address begins with, in any ASCII case; empty for all accounts.
    ///   - after: The text of the cursor that the page before gave; `nil` for the first page.
    ///   - limit: How many accounts are on a page at most.
    public init?(prefix: String, after: String?, limit: Int) {
        let prefix = prefix.asciiLowercased
        self.limit = limit
        var start = prefix
        if let after {
            // What lies outside of the list would be read from its own place, to wherever it ends.
            guard let cursor = AddressCursor(after),
                cursor.address.utf8.starts(with: prefix.utf8)
            else { return nil }
            // Nothing comes between a text and the same one with a NUL behind.
            start = cursor.address + "\0"
        }
        range = AddressRange(start: start, end: prefix.successorOfPrefix)
    }
}

/// A stretch of the accounts as they are ordered by address: what one page is read from.
///
/// Addresses are ordered by their bytes, A to Z in lower case and all else as it is.
public struct AddressRange: Equatable, Sendable {
    /// The text that the range begins with, in lower case.
    public let start: String
    /// The text that the range ends before, in lower case; `nil` for no end.
    public let end: String?
}
