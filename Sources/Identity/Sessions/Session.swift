/// One login of an account on one device, until logout, reuse or expiry.
///
/// A refresh token names a session and a generation. The store keeps these numbers instead of the
/// token: a token is a pure function of them and the signing key, so issuing it again means signing
/// the same claims again.
public struct Session: Equatable, Sendable {
    /// A random positive number, so that a token issued before the restore of a backup never names
    /// a session that began after it.
    public typealias ID = Int64

    /// The session's number.
    public let id: ID
    /// The account that logged in.
    public let accountID: Account.ID
    /// When the session began.
    public let startedAt: Timestamp
    /// When the session expires; a refresh does not change it.
    public let expiresAt: Timestamp
    /// Its refresh tokens.
    public var family: RefreshTokenFamily
    /// When the session was last used, accurate to the lifetime of an access token.
    public var seenAt: Timestamp
    /// Where the login or the last refresh came from.
    public var client: Client
    /// When the session was ended before it expired; `nil` if it was not.
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
