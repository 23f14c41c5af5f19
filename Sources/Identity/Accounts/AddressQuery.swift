import Text

/// A search, one page at a time, for accounts in whose e-mail addresses any word begins with a
/// prefix.
public struct AddressQuery: Equatable, Sendable {
    /// The prefix to search for, with A to Z in lower case.
    let prefix: String
    let cursor: AddressCursor?
    let limit: Int
    /// The prefix as it was given, if this is the first page and the prefix may be a whole address;
    /// `nil` otherwise.
    let wholeAddress: String?

    /// The maximum length of a prefix, in UTF-16 code units.
    ///
    /// It is the maximum length of an e-mail address in the HTTP contract (the recorded API of the
    /// Express backend).
    public static let maximumPrefixLength = 100

    /// Creates a query; `nil` if `after` is not a valid cursor for this prefix.
    ///
    /// - Parameters:
    ///   - prefix: The text with which an address, or the rest of an address from any word on, must
    ///     begin, with A to Z in either case; empty for all accounts.
    ///   - after: The string form of the cursor from the previous page; `nil` for the first page.
    ///   - limit: The maximum number of accounts on a page.
    public init?(prefix: String, after: String?, limit: Int) {
        wholeAddress = after == nil && prefix.utf8.contains(UInt8(ascii: "@")) ? prefix : nil
        let prefix = prefix.asciiLowercased
        self.prefix = prefix
        self.limit = limit
        guard let after else {
            cursor = nil
            return
        }
        // A cursor whose key does not begin with the prefix belongs to another search. Every
        // address begins with the empty prefix, so a search for that prefix finds no account by a
        // later word.
        guard let cursor = AddressCursor(after), cursor.key.utf8.starts(with: prefix.utf8),
            cursor.wordOf == nil || !prefix.isEmpty
        else { return nil }
        self.cursor = cursor
    }

    /// The addresses after the cursor that begin with the prefix; `nil` if the cursor is among the
    /// accounts that are found by a later word.
    var addresses: AddressRange? {
        guard cursor?.wordOf == nil else { return nil }
        // Start directly after the address of the cursor. No string sorts between a string and the
        // same string followed by NUL.
        return AddressRange(
            start: cursor.map { $0.key + "\0" } ?? prefix, end: prefix.successorOfPrefix)
    }

    /// The words after the cursor that begin with the prefix; `nil` if the prefix is empty, because
    /// every address begins with it.
    var words: AddressWordRange? {
        guard !prefix.isEmpty else { return nil }
        let isAmongWords = cursor?.wordOf != nil
        return AddressWordRange(
            key: isAmongWords ? cursor?.key ?? prefix : prefix, id: cursor?.wordOf ?? 0,
            end: prefix.successorOfPrefix)
    }

    /// Returns whether an account that is found by `word` has already been found, either by its
    /// whole address or by another word of the address, which sorts before `word`.
    func hasFound(_ account: Account, before word: String) -> Bool {
        let address = Array(account.email.asciiLowercased.utf8)
        if address.starts(with: prefix.utf8) { return true }
        let span = address.span
        for index in span.indices where span.beginsWord(at: index) {
            let rest = address[index...]
            if rest.starts(with: prefix.utf8), rest.lexicographicallyPrecedes(word.utf8) {
                return true
            }
        }
        return false
    }
}
