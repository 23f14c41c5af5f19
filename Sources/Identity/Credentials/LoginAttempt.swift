import Cryptography

/// An attempt to authenticate with a password, to log in or to change the password.
struct LoginAttempt: Sendable {
    /// The e-mail address of the account.
    let name: String
    /// The key that all spellings of the address share (`Email.key`).
    let addressKey: String
    /// The ID of the session that changes the password; `nil` for a login.
    let session: Session.ID?
    /// Where the request comes from.
    let client: Client
    /// When the request arrived.
    ///
    /// All decisions about the attempt use this as the current time.
    let at: Timestamp
    /// The client, if it is a known device of the account.
    let device: KnownDevice?
    /// The networks that contain the client, the narrowest first.
    let networks: [String]
    /// The keys of each failure counter in the store, one for each signing key in `Throttle.keys`.
    let keys: [ThrottleScope: [FailureCounter.Key]]
    /// The keys under which the client's network may be stored as a known network of the account,
    /// one for each signing key in `Throttle.keys`; empty for a password change.
    let knownNetworkKeys: [FailureCounter.Key]
    /// The account, once it has been read; `nil` if it does not exist.
    var accountID: Account.ID?
    /// When the account got its present password.
    ///
    /// Earlier failed attempts on the account do not count.
    var passwordSetAt: Timestamp?
    /// Where the attempt comes from; `elsewhere` until the store has been read.
    var origin = AttemptOrigin.elsewhere
    /// Whether the attempt may go on only after its reservation has been saved.
    var mustReserve = false
    /// Whether the store has a reservation for this attempt, which makes the next attempt wait.
    var isReserved = false

    /// The requester in the queue of passwords that wait to be hashed.
    ///
    /// In this queue, a login from a known network does not count as the owner's. Otherwise, when
    /// the queue is full, someone in that network could find out whether the owner has signed in
    /// there.
    var requester: Requester {
        let network = networks.last ?? client.address
        return switch origin {
        case .knownDevice, .session: .owner(of: addressKey, network: network)
        case .knownNetwork, .elsewhere: .stranger(network: network)
        }
    }
}
