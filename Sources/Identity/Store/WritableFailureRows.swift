/// The changes to the counts of wrong passwords that can be made in a transaction.
public protocol WritableFailureRows: FailureRows {
    /// Stores the failures under a key; `nil` deletes them.
    func setFailures(_ failures: FailureCounter?, _ key: FailureCounter.Key) throws
    /// Deletes at most `limit` keys, oldest first: those whose last failure is before a moment,
    /// and those by which the total exceeds `bound`.
    ///
    /// - Returns: The number of keys deleted.
    @discardableResult
    func purgeFailures(before moment: Timestamp, bound: Int, limit: Int) throws -> Int
}
