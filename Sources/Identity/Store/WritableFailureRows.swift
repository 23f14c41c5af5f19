/// Reads and changes the counters of wrong passwords, and the known networks of accounts (see
/// `Throttle`), in a transaction.
public protocol WritableFailureRows: FailureRows {
    /// Stores a counter under a key; if `counter` is `nil`, deletes the counter of this key.
    func setFailureCounter(_ counter: FailureCounter?, _ key: FailureCounter.Key) throws
    /// Records that the right password of an account was given from a network.
    ///
    /// If the account then has more than `limit` known networks, the oldest ones are deleted.
    func setKnownNetwork(
        _ key: FailureCounter.Key, of account: Account.ID, at moment: Timestamp, keeping limit: Int
    ) throws
    /// Deletes at most `limit` old counters, oldest first.
    ///
    /// A counter is deleted if its last failure happened before `moment`. As long as there are more
    /// than `bound` counters, further counters are deleted.
    ///
    /// - Returns: The number of counters deleted.
    @discardableResult
    func purgeFailures(before moment: Timestamp, bound: Int, limit: Int) throws -> Int
}
