/// Wrong passwords in a row, as they are remembered for an account, an address, or both; none
/// where it is remembered that the password was right.
public struct FailureCounter: Equatable, Sendable {
    /// What failures are remembered under: an authentication code of who and from where, so that
    /// the store never has a name that somebody typed.
    public typealias Key = Int64

    /// How many there were.
    public var count: Int64
    /// When the last one was.
    public var lastAt: Timestamp
    /// Before when the next attempt is refused.
    public var nextAt: Timestamp

    /// Makes a value.
    public init(count: Int64, lastAt: Timestamp, nextAt: Timestamp) {
        self.count = count
        self.lastAt = lastAt
        self.nextAt = nextAt
    }
}
