/// The number of failed attempts that are free, and the maximum wait after further ones.
///
/// After the last free failed attempt, the next attempt has to wait 1 second. Each further failed
/// attempt doubles the wait, up to `longestWait`.
struct ThrottleLimit: Equatable, Sendable {
    /// The number of failed attempts before an attempt has to wait.
    let free: Int64
    /// The maximum wait, in seconds.
    let longestWait: Int64

    /// The limit for one account from one network, or for one account within one session.
    ///
    /// It allows 114 guesses in the first 24 hours, and 96 in each 24 hours after that.
    static let accountAndNetwork = ThrottleLimit(free: 10, longestWait: 900)
    /// The limit for one account from all networks that are not known networks of the account.
    ///
    /// It allows 1,544 guesses in the first 24 hours, and 1,440 in each 24 hours after that.
    static let account = ThrottleLimit(free: 100, longestWait: 60)
    /// The limit for all accounts together from one network.
    ///
    /// It allows 204 guesses in the first 24 hours, and 96 in each 24 hours after that. Beyond
    /// that, it allows 10 guesses a day at each account for which this is a known network.
    static let network = ThrottleLimit(free: 100, longestWait: 900)

    /// Returns the wait after `count` failed attempts, in milliseconds.
    func wait(after count: Int64) -> Int64 {
        guard count >= free else { return 0 }
        return min(longestWait, 1 << min(count - free, 30)) * 1000
    }
}
