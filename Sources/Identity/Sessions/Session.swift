/// One login of an account on one device, which lasts until the session is ended or expires.
///
/// A refresh token names a session and a generation. The store contains these two values instead of
/// the token. A token depends only on stored values and the signing key, so it can be issued again
/// by signing the same claims.
public struct Session: Equatable, Sendable {
    /// The ID of a session, which is a random positive number.
    ///
    /// IDs are random so that a token that was issued before a backup is restored never names a
    /// session that began after the restore.
    public typealias ID = Int64

    /// The ID of the session.
    public let id: ID
    /// The ID of the account that logged in.
    public let accountID: Account.ID
    /// When the session began.
    public let startedAt: Timestamp
    /// When the session expires; a refresh does not change it.
    public let expiresAt: Timestamp
    /// The state of the session's refresh tokens.
    public var family: RefreshTokenFamily
    /// When the session was last used.
    ///
    /// Most uses of an access token are not recorded, so the real last use may be later, by at most
    /// the lifetime of an access token.
    public var seenAt: Timestamp
    /// The client that sent the last refresh or, before the first refresh, the login.
    public var client: Client
    /// When the session was ended, other than by expiry; `nil` if it was not ended.
    public var endedAt: Timestamp?

    /// Creates a session that begins with a sign-in.
    ///
    /// - Parameters:
    ///   - id: A new random ID.
    ///   - account: The ID of the account that logged in.
    ///   - assurance: How and when the owner signed in. The session starts at that time. Only the
    ///     time is kept, because the database has no column for the methods of authentication yet.
    ///   - expiresAt: When the session expires.
    ///   - client: The client that sent the login.
    init(
        id: ID, of account: Account.ID, startedBy assurance: Assurance, expiresAt: Timestamp,
        client: Client
    ) {
        self.init(
            id: id, accountID: account, startedAt: assurance.at, expiresAt: expiresAt,
            family: RefreshTokenFamily(startedAt: assurance.at), seenAt: assurance.at,
            client: client)
    }

    /// Creates a session from its stored values.
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
