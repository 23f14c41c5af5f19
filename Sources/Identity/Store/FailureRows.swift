/// Reads the counters of wrong passwords in a transaction.
public protocol FailureRows {
    /// Returns the counter that is stored under a key; `nil` if none exists.
    func failureCounter(_ key: FailureCounter.Key) throws -> FailureCounter?
}
