/// The number of wrong passwords for an account, for a network, or for an account from a network or
/// a device, and when the next attempt is allowed.
public struct FailureCounter: Equatable, Sendable {
    /// The key of a counter in the store.
    ///
    /// It is the first 64 bits of an HMAC of what the counted attempts have in common, such as the
    /// account name and the network. So the store does not contain the names that were typed.
    public typealias Key = Int64

    /// The number of failed attempts.
    public var count: Int64
    /// The time of the last failed attempt.
    public var lastAt: Timestamp
    /// The time from which the next attempt is allowed.
    public var nextAt: Timestamp

    /// Creates a counter.
    public init(count: Int64, lastAt: Timestamp, nextAt: Timestamp) {
        self.count = count
        self.lastAt = lastAt
        self.nextAt = nextAt
    }
}
