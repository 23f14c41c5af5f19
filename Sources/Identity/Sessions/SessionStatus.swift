/// The part of a session that every signed-in request needs from the store.
public struct SessionStatus: Equatable, Sendable {
    /// The session's account.
    public let account: Account
    /// When the session expires.
    public let expiresAt: Timestamp
    /// When the session was ended; `nil` if it was not.
    public let endedAt: Timestamp?
    /// The newest generation of the session's refresh tokens.
    public let generation: Int64
    /// The generation that was exchanged for the newest one.
    public let previousGeneration: Int64
    /// Whether an access token of the newest generation has been used.
    public let isConfirmed: Bool

    /// Creates the status of a session.
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

    /// Whether the use of an access token of generation `used` must be recorded in the session.
    func needsConfirmation(_ used: Int64) -> Bool {
        used == generation ? !isConfirmed : used > previousGeneration
    }
}
