/// One attempt to prove a password, at login or to change the password.
struct LoginAttempt: Sendable {
    /// The keys of the counters in `ThrottleState`.
    struct Keys: Equatable, Sendable {
        let accountAndNetwork: FailureCounter.Key
        /// `nil` for a password change.
        let account: FailureCounter.Key?
        let network: FailureCounter.Key
        /// `nil` for a password change.
        let knownNetwork: FailureCounter.Key?
    }

    /// The e-mail address of the account.
    let name: String
    /// The session in which the password is to be changed; `nil` for a login.
    let session: Session.ID?
    /// Where the request comes from.
    let client: Client
    /// When the request arrived.
    ///
    /// All decisions about the attempt are made for this time.
    let at: Timestamp
    let keys: Keys
    /// Whether a reservation for this attempt has been saved.
    var isReserved = false
}
