/// The refresh tokens of one session: which generation is the newest, and how it came about.
///
/// Numbers and times only: a token is re-derived from them, so "handed out again" means that the
/// same claims are signed again. `docs/rotation.md` tells why each of them is needed.
public struct RefreshChain: Equatable, Sendable {
    /// The newest generation; a login's is 0.
    public var generation: Int64
    /// The generation that the newest was exchanged for; the newest itself where no older one may
    /// come again, as after a login.
    public var parent: Int64
    /// When the newest generation was made: the `iat` of its refresh token.
    public var rotatedAt: Timestamp
    /// When the newest generation was last handed out, to somebody who did not show it.
    public var handedAt: Timestamp
    /// When an access token of the newest generation was first seen in use.
    public var confirmedAt: Timestamp?
    /// Stands for the `Idempotency-Key` of the request that made the newest generation.
    public var retryKey: Int64?

    /// The chain of a login.
    public init(startedAt: Timestamp) {
        generation = 0
        parent = 0
        rotatedAt = startedAt
        handedAt = startedAt
    }

    /// The chain as it was stored.
    public init(
        generation: Int64, parent: Int64, rotatedAt: Timestamp, handedAt: Timestamp,
        confirmedAt: Timestamp?, retryKey: Int64?
    ) {
        self.generation = generation
        self.parent = parent
        self.rotatedAt = rotatedAt
        self.handedAt = handedAt
        self.confirmedAt = confirmedAt
        self.retryKey = retryKey
    }
}
