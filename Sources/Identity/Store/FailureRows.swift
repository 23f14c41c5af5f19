/// Reads the counters of wrong passwords, and the known networks of accounts (see `Throttle`), in a
/// transaction.
public protocol FailureRows {
    /// Returns the counter that is stored under a key; `nil` if none exists.
    func failureCounter(_ key: FailureCounter.Key) throws -> FailureCounter?
    /// Returns when the right password of an account was last given from a network; `nil` if that
    /// never happened, or if newer networks have replaced this one.
    func knownNetwork(_ key: FailureCounter.Key, of account: Account.ID) throws -> Timestamp?
}
