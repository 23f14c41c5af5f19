/// The counts of wrong passwords that can be read in a transaction.
public protocol FailureRows {
    /// The counter that is stored under a key.
    func failureCounter(_ key: FailureCounter.Key) throws -> FailureCounter?
}
