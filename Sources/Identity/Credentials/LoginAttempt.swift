/// An attempt to authenticate with a password, to log in or to change the password.
struct LoginAttempt: Sendable {
    /// The store keys of the failure counters in `ThrottleState`.
    struct Keys: Equatable, Sendable {
        let accountAndNetwork: FailureCounter.Key
        /// The key of the counter for the account; `nil` for a password change.
        let account: FailureCounter.Key?
        let network: FailureCounter.Key
        /// The key of the counter that marks a known network; `nil` for a password change.
        let knownNetwork: FailureCounter.Key?
    }

    /// The e-mail address of the account.
    let name: String
    /// The ID of the session that changes the password; `nil` for a login.
    let session: Session.ID?
    /// Where the request comes from.
    let client: Client
    /// When the request arrived.
    ///
    /// All decisions about the attempt use this as the current time.
    let at: Timestamp
    let keys: Keys
    /// Whether the store has a reservation for this attempt, which makes the next attempt wait.
    var isReserved = false
}
