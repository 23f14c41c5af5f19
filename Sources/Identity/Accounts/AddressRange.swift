/// A range of e-mail addresses, used to read one page of accounts in the order of their addresses.
///
/// Addresses are ordered by their bytes, with A to Z in lower case and everything else unchanged.
public struct AddressRange: Equatable, Sendable {
    /// The lower bound, in lower case; the range includes it.
    public let start: String
    /// The upper bound, in lower case; the range excludes it, and `nil` means no upper bound.
    public let end: String?
}
