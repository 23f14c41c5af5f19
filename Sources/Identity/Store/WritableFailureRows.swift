/// Reads and changes the counters of wrong passwords, and the known networks of accounts, in a transaction.
public protocol WritableFailureRows: FailureRows {
    /// Stores a counter under a key; `nil` deletes it.
    func setFailureCounter(_ counter: FailureCounter?, _ key: FailureCounter.Key) throws
    /// Stores that an account's password was right in a network.
    ///
    /// If the account then has more than `limit` known networks, the oldest ones are deleted.
    func setKnownNetwork(
        _ key: FailureCounter.Key, of account: Account.ID, at moment: Timestamp, keeping limit: Int
    ) throws
    /// Deletes at most `limit` old counters, oldest first.
    ///
    /// A counter is deleted if its last failure is from before `moment`, or as long as there are
    /// more than `bound` counters.
    ///
    /// - Returns: The number of counters deleted.
    @discardableResult
    func purgeFailures(before moment: Timestamp, bound: Int, limit: Int) throws -> Int
}
