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
    /// The newest generation of the refresh token; the login's is 0.
    public var generation: Int64
    /// When the newest generation was made: the `iat` of its refresh token.
    public var rotatedAt: Timestamp
    /// When the session was ended by logout, reuse or an administrator.
    public var endedAt: Timestamp?

    /// Makes a session value.
    public init(
        id: ID, accountID: Account.ID, startedAt: Timestamp, expiresAt: Timestamp,
        generation: Int64 = 0, rotatedAt: Timestamp, endedAt: Timestamp? = nil
    ) {
        self.id = id
        self.accountID = accountID
        self.startedAt = startedAt
        self.expiresAt = expiresAt
        self.generation = generation
        self.rotatedAt = rotatedAt
        self.endedAt = endedAt
    }

    /// Whether tokens of the session are accepted.
    func isLive(at now: Timestamp) -> Bool { endedAt == nil && now < expiresAt }
}
