/// The number of failed attempts that are free, and the maximum wait after further ones.
///
/// After the last free failed attempt, the next attempt has to wait 1 second. Each further failed
/// attempt doubles the wait, up to `longestWait`.
struct ThrottleLimit: Equatable, Sendable {
    /// The number of failed attempts before an attempt has to wait.
    let free: Int64
    /// The maximum wait, in seconds.
    let longestWait: Int64

    /// The limit for one account from one known device, or within one session.
    ///
    /// It allows 114 guesses in the first 24 hours, and 96 in each 24 hours after that.
    static let ownDevice = ThrottleLimit(free: 10, longestWait: 900)
    /// The limits for one account from one network.
    ///
    /// There is a limit for each prefix length in `Client.networks`, the narrowest network first.
    /// The first limit allows 114 guesses in the first 24 hours, and 96 in each 24 hours after that.
    /// The limits of the two wider networks allow 1.5 and 4 times 96.
    static let accountAndNetwork = [
        ThrottleLimit(free: 10, longestWait: 900), ThrottleLimit(free: 15, longestWait: 600),
        ThrottleLimit(free: 40, longestWait: 225),
    ]
    /// The limit for one account from all networks that are not known networks of the account.
    ///
    /// It allows 1,544 guesses in the first 24 hours, and 1,440 in each 24 hours after that.
    static let account = ThrottleLimit(free: 100, longestWait: 60)
    /// The limits for all accounts together from one network.
    ///
    /// There is a limit for each prefix length in `Client.networks`, the narrowest network first.
    /// The first limit allows 1,544 guesses in the first 24 hours, and 1,440 in each 24 hours after
    /// that. The wait is short, because the failed attempts of one person in a network make all
    /// other people wait who sign in there for the first time.
    static let network = [
        ThrottleLimit(free: 100, longestWait: 60), ThrottleLimit(free: 150, longestWait: 40),
        ThrottleLimit(free: 400, longestWait: 15),
    ]

    /// Returns the wait after `count` failed attempts, in milliseconds.
    func wait(after count: Int64) -> Int64 {
        guard count >= free else { return 0 }
        return min(longestWait, 1 << min(count - free, 30)) * 1000
    }

    /// Returns the limit with waits of at most this many seconds.
    func waiting(atMost seconds: Int64) -> ThrottleLimit {
        ThrottleLimit(free: free, longestWait: min(longestWait, seconds))
    }
}
