/// The counts of wrong passwords that can be read in a transaction.
public protocol FailureRows {
    /// The failures that are remembered under a key.
    func failures(_ key: FailureCounter.Key) throws -> FailureCounter?
}
