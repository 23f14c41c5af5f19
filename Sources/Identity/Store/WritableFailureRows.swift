/// The changes to the counts of wrong passwords that can be made in a transaction.
public protocol WritableFailureRows: FailureRows {
    /// Stores a counter under a key; `nil` deletes it.
    func setFailureCounter(_ counter: FailureCounter?, _ key: FailureCounter.Key) throws
    /// Deletes at most `limit` counters, oldest first: those whose last failure is before a moment,
    /// and those by which the total exceeds `bound`.
    ///
    /// - Returns: The number of counters deleted.
    @discardableResult
    func purgeFailures(before moment: Timestamp, bound: Int, limit: Int) throws -> Int
}
