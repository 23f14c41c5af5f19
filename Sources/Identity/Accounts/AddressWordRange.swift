/// A range of the words of all e-mail addresses, used to read one page of accounts.
///
/// The key of a word is the rest of the address from that word on, with A to Z in lower case. Keys
/// are ordered by their bytes, and accounts with equal keys by their IDs.
public struct AddressWordRange: Equatable, Sendable {
    /// The key of the lower bound, which is a pair of a key and an account ID; the range excludes
    /// the bound.
    public let key: String
    /// The account ID of the lower bound.
    public let id: Account.ID
    /// The first key that is no longer in the range; `nil` if the range has no end.
    public let end: String?
}
