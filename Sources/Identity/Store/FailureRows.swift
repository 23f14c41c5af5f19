/// Reads the counters of wrong passwords, and the known networks of accounts, in a transaction.
public protocol FailureRows {
    /// Returns the counter that is stored under a key; `nil` if none exists.
    func failureCounter(_ key: FailureCounter.Key) throws -> FailureCounter?
    /// Returns when an account's password was last right in a network; `nil` if it never was, or if
    /// the network has been replaced by newer ones.
    func knownNetwork(_ key: FailureCounter.Key, of account: Account.ID) throws -> Timestamp?
}
