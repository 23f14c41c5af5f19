/// How many failed guesses are free, and how long the wait grows after that.
///
/// The wait is 1 second after the last free failure and doubles with each one after it, up to
/// `longestWait`.
struct ThrottleLimit: Equatable, Sendable {
    /// The number of failures that cause no wait.
    let free: Int64
    /// The longest wait, in seconds.
    let longestWait: Int64

    /// One account from one network, or one account within one session: 114 guesses in the first
    /// 24 hours, 96 in each 24 hours after that.
    static let accountAndNetwork = ThrottleLimit(free: 10, longestWait: 900)
    /// One account from all networks that it is not known in: 1,544 guesses, then 1,440.
    static let account = ThrottleLimit(free: 100, longestWait: 60)
    /// One network at all accounts: 204 guesses, then 96.
    ///
    /// Beyond that, 10 a day at each account that is known in this network.
    static let network = ThrottleLimit(free: 100, longestWait: 900)

    /// The wait after `count` failures, in milliseconds.
    func wait(after count: Int64) -> Int64 {
        guard count >= free else { return 0 }
        return min(longestWait, 1 << min(count - free, 30)) * 1000
    }
}
