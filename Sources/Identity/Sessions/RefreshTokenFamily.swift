/// The refresh tokens of one session: the newest generation and how it was issued.
///
/// It holds only numbers and times. A token is derived from them, so issuing it again means signing
/// the same claims again. `docs/rotation.md` explains why each property is needed.
public struct RefreshTokenFamily: Equatable, Sendable {
    /// The newest generation; a login's is 0.
    public var generation: Int64
    /// The generation that was exchanged for the newest; equal to the newest if no older one may be
    /// presented again, as after a login.
    public var previousGeneration: Int64
    /// When the newest generation was created: the `iat` of its refresh token.
    public var rotatedAt: Timestamp
    /// When the newest generation was last issued to a client that had not presented it.
    public var lastIssuedAt: Timestamp
    /// When an access token of the newest generation was first used.
    public var firstUsedAt: Timestamp?
    /// The number that stands for the `Idempotency-Key` of the request that created the newest
    /// generation.
    public var retryKey: Int64?

    /// The family of a new session.
    public init(startedAt: Timestamp) {
        generation = 0
        previousGeneration = 0
        rotatedAt = startedAt
        lastIssuedAt = startedAt
    }

    /// The family as it was stored.
    public init(
        generation: Int64, previousGeneration: Int64, rotatedAt: Timestamp, lastIssuedAt: Timestamp,
        firstUsedAt: Timestamp?, retryKey: Int64?
    ) {
        self.generation = generation
        self.previousGeneration = previousGeneration
        self.rotatedAt = rotatedAt
        self.lastIssuedAt = lastIssuedAt
        self.firstUsedAt = firstUsedAt
        self.retryKey = retryKey
    }
}
