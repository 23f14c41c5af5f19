import Text

/// A search for accounts by the beginning of their e-mail addresses, one page at a time.
public struct AddressQuery: Equatable, Sendable {
    let range: AddressRange
    let limit: Int
    /// The prefix on the first page, if it may be a whole address.
    let wholeAddress: String?

    /// The maximum length of a prefix, in UTF-16 code units.
    ///
    /// It is the maximum length of an e-mail address in the HTTP contract (the recorded API of the
    /// Express backend).
    public static let maximumPrefixLength = 100

    /// Creates a query; `nil` if `after` is not a valid cursor for this prefix.
    ///
    /// - Parameters:
    ///   - prefix: The beginning of the addresses, in any ASCII case; empty for all accounts.
    ///   - after: The string form of the cursor from the previous page; `nil` for the first page.
    ///   - limit: The maximum number of accounts on a page.
    public init?(prefix: String, after: String?, limit: Int) {
        wholeAddress = after == nil && prefix.utf8.contains(UInt8(ascii: "@")) ? prefix : nil
        let prefix = prefix.asciiLowercased
        self.limit = limit
        var start = prefix
        if let after {
            // A cursor whose address does not begin with the prefix belongs to another search.
            guard let cursor = AddressCursor(after),
                cursor.address.utf8.starts(with: prefix.utf8)
            else { return nil }
            // Start directly after the address of the cursor. No string sorts between a string and
            // the same string followed by NUL.
            start = cursor.address + "\0"
        }
        range = AddressRange(start: start, end: prefix.successorOfPrefix)
    }
}
