import Text

/// A search for accounts by the beginning of their e-mail addresses, one page at a time.
public struct AddressQuery: Equatable, Sendable {
    let range: AddressRange
    let limit: Int

    /// The maximum length of a prefix, in UTF-16 units: that of an address in the contract.
    public static let maximumPrefixLength = 100

    /// Creates a query; `nil` if `after` is not a cursor of this list.
    ///
    /// - Parameters:
    ///   - prefix: The beginning of the address, in any ASCII case; empty for all accounts.
    ///   - after: The text of the cursor from the previous page; `nil` for the first page.
    ///   - limit: The largest number of accounts on a page.
    public init?(prefix: String, after: String?, limit: Int) {
        let prefix = prefix.asciiLowercased
        self.limit = limit
        var start = prefix
        if let after {
            // A cursor outside of the range would start the page at a position of another list.
            guard let cursor = AddressCursor(after),
                cursor.address.utf8.starts(with: prefix.utf8)
            else { return nil }
            // No text sorts between a text and the same text followed by a NUL.
            start = cursor.address + "\0"
        }
        range = AddressRange(start: start, end: prefix.successorOfPrefix)
    }
}
