/// A range of accounts in the order of their e-mail addresses: what one page is read from.
///
/// Addresses are ordered by their bytes, with A to Z in lower case and everything else unchanged.
public struct AddressRange: Equatable, Sendable {
    /// The text that the range begins with, in lower case.
    public let start: String
    /// The text that the range ends before, in lower case; `nil` for no end.
    public let end: String?
}
