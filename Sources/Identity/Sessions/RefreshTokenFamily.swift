/// The state of the refresh tokens of one session: the newest generation and how it was issued.
///
/// The family contains only numbers and times, not the tokens. A token is computed from these
/// values, so it is issued again by signing the same claims again. `docs/rotation.md` explains why
/// each property is needed.
public struct RefreshTokenFamily: Equatable, Sendable {
    /// The newest generation, which is 0 after a login.
    public var generation: Int64
    /// The generation that was exchanged for the newest one.
    ///
    /// It equals the newest generation if no older one may be presented again, as after a login.
    public var previousGeneration: Int64
    /// When the newest generation was created, which is the `iat` of its refresh token.
    public var rotatedAt: Timestamp
    /// When the newest generation was last issued to a client that had not presented it.
    public var lastIssuedAt: Timestamp
    /// When an access token of the newest generation was first used; `nil` if none was used.
    public var firstUsedAt: Timestamp?
    /// The first 64 bits of an HMAC of the `Idempotency-Key` in the request that created the newest
    /// generation; `nil` if there was no such key.
    public var retryKey: Int64?

    /// Creates the family of a new session.
    public init(startedAt: Timestamp) {
        generation = 0
        previousGeneration = 0
        rotatedAt = startedAt
        lastIssuedAt = startedAt
    }

    /// Creates a family from its stored values.
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
