public import Metrics

/// What a store has done since it was opened.
public struct StoreStatistics: Sendable {
    /// How many writes shared a commit.
    public var groups = Histogram(exponents: 0...7)
    /// How many commits failed, with all their writes.
    public var failures = 0
    /// How many writes wait for their commit now.
    public var waiting = 0

    /// Creates statistics in which nothing has happened yet.
    public init() {}
}
