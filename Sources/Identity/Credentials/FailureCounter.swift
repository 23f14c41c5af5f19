/// The number of wrong passwords for an account, a network or both, and when the next attempt is
/// allowed.
///
/// A counter with no failures marks a known network: the time is that of the right password.
public struct FailureCounter: Equatable, Sendable {
    /// The key of a counter in the store: an authentication code of name and network, so that the
    /// store does not hold the names that were typed.
    public typealias Key = Int64

    /// The number of failures.
    public var count: Int64
    /// The time of the last failure.
    public var lastAt: Timestamp
    /// The next attempt is refused before this time.
    public var nextAt: Timestamp

    /// Creates a counter.
    public init(count: Int64, lastAt: Timestamp, nextAt: Timestamp) {
        self.count = count
        self.lastAt = lastAt
        self.nextAt = nextAt
    }
}
