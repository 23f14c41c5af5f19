public import Metrics

/// Statistics of a store since it was opened.
public struct StoreStatistics: Sendable {
    /// A histogram of the number of writes that shared one commit.
    public var groups = Histogram(exponents: 0...7)
    /// The number of failed commits; all writes that shared such a commit failed too.
    public var failures = 0
    /// The number of writes that currently wait for their commit.
    public var waiting = 0

    /// Creates the statistics of a store that has not committed anything yet.
    public init() {}
}
