/// The refresh tokens of one session: which generation is the newest, and how it came about.
///
/// Numbers and times only: a token is re-derived from them, so "handed out again" means that the
/// same claims are signed again. `docs/rotation.md` tells why each of them is needed.
public struct RefreshTokenFamily: Equatable, Sendable {
    /// The newest generation; a login's is 0.
    public var generation: Int64
    /// The generation that the newest was exchanged for; the newest itself where no older one may
    /// come again, as after a login.
    public var previousGeneration: Int64
    /// When the newest generation was made: the `iat` of its refresh token.
    public var rotatedAt: Timestamp
    /// When the newest generation was last handed out, to somebody who did not show it.
    public var lastIssuedAt: Timestamp
    /// When an access token of the newest generation was first seen in use.
    public var firstUsedAt: Timestamp?
    /// Stands for the `Idempotency-Key` of the request that made the newest generation.
    public var retryKey: Int64?

    /// The chain of a login.
    public init(startedAt: Timestamp) {
        generation = 0
        previousGeneration = 0
        rotatedAt = startedAt
        lastIssuedAt = startedAt
    }

    /// The chain as it was stored.
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
