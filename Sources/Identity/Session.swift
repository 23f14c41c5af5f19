/// One login of one account on one device, from login to logout, reuse or expiry.
///
/// A refresh token names a session and a generation. The store keeps these numbers and nothing
/// else: a token is a pure function of them and the signing key, so handing one out again means
/// signing the same claims again.
public struct Session: Equatable, Sendable {
    /// A random positive number, so that a token from before a restored backup can never name a
    /// session from after it.
    public typealias ID = Int64

    /// The session's number.
    public let id: ID
    /// Who logged in.
    public let accountID: Account.ID
    /// When the session began.
    public let startedAt: Timestamp
    /// When the session ends by itself; rotation never moves it.
    public let expiresAt: Timestamp
    /// Its refresh tokens.
    public var family: RefreshTokenFamily
    /// When the session was last seen to be in use, to the length of an access token's life.
    public var seenAt: Timestamp
    /// Where the login or the last refresh came from.
    public var client: Client
    /// When the session was ended by logout, reuse or an administrator.
    public var endedAt: Timestamp?

    /// A session that begins with a sign-in.
    ///
    /// - Parameters:
    ///   - id: A new random number.
    ///   - account: Whose session it is.
    ///   - assurance: How its owner signed in, and when: the session starts then. Only the time is
    ///     kept, since the database has no column for the methods yet.
    ///   - expiresAt: When the session ends.
    ///   - client: Where the login came from.
    init(
        id: ID, of account: Account.ID, startedBy assurance: Assurance, expiresAt: Timestamp,
        client: Client
    ) {
        self.init(
            id: id, accountID: account, startedAt: assurance.at, expiresAt: expiresAt,
            family: RefreshTokenFamily(startedAt: assurance.at), seenAt: assurance.at,
            client: client)
    }

    /// A session as a store holds it.
    public init(
        id: ID, accountID: Account.ID, startedAt: Timestamp, expiresAt: Timestamp,
        family: RefreshTokenFamily, seenAt: Timestamp, client: Client, endedAt: Timestamp? = nil
    ) {
        self.id = id
        self.accountID = accountID
        self.startedAt = startedAt
        self.expiresAt = expiresAt
        self.family = family
        self.seenAt = seenAt
        self.client = client
        self.endedAt = endedAt
    }

    /// Whether tokens of the session are accepted.
    public func isLive(at now: Timestamp) -> Bool { endedAt == nil && now < expiresAt }
}

/// Where a request comes from, as far as it can be told to people.
public struct Client: Equatable, Sendable {
    /// The IP address as text, as the web server writes it; empty where none is known.
    public let address: String
    /// The program and the system, such as `Firefox on Linux`; empty where neither is known.
    public let device: String

    /// Makes a client value.
    public init(address: String, device: String) {
        self.address = address
        self.device = device
    }
}

/// Whoever presents a refresh token.
public enum RefreshClient: Equatable, Sendable {
    /// A browser, whose tabs share one cookie jar.
    case browser
    /// One program, with the `Idempotency-Key` of its request if it sent one (the IETF's
    /// draft-ietf-httpapi-idempotency-key-header).
    case program(retryKey: String?)
}
