/// How a session stands: what every signed-in request asks of the store, and nothing more.
public struct SessionStatus: Equatable, Sendable {
    /// The session's account.
    public let account: Account
    /// When the session ends by itself.
    public let expiresAt: Timestamp
    /// When the session was ended.
    public let endedAt: Timestamp?
    /// The newest generation of its refresh tokens.
    public let generation: Int64
    /// The generation that the newest was exchanged for.
    public let previousGeneration: Int64
    /// Whether an access token of the newest generation was seen in use.
    public let isConfirmed: Bool

    /// Makes a status.
    public init(
        account: Account, expiresAt: Timestamp, endedAt: Timestamp?, generation: Int64,
        previousGeneration: Int64, isConfirmed: Bool
    ) {
        self.account = account
        self.expiresAt = expiresAt
        self.endedAt = endedAt
        self.generation = generation
        self.previousGeneration = previousGeneration
        self.isConfirmed = isConfirmed
    }

    /// Whether tokens of the session are accepted.
    func isLive(at now: Timestamp) -> Bool { endedAt == nil && now < expiresAt }

    /// Whether the session's chain has to hear of an access token in use.
    func needsConfirmation(_ used: Int64) -> Bool {
        used == generation ? !isConfirmed : used > previousGeneration
    }
}
