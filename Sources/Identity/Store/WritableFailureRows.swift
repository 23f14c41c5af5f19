/// Reads and changes the counters of wrong passwords in a transaction.
public protocol WritableFailureRows: FailureRows {
    /// Stores a counter under a key; `nil` deletes it.
    func setFailureCounter(_ counter: FailureCounter?, _ key: FailureCounter.Key) throws
    /// Deletes at most `limit` old counters, oldest first.
    ///
    /// A counter is deleted if its last failure is from before `moment`, or as long as there are
    /// more than `bound` counters.
    ///
    /// - Returns: The number of counters deleted.
    @discardableResult
    func purgeFailures(before moment: Timestamp, bound: Int, limit: Int) throws -> Int
}
