public import Cryptography

/// Staying signed in: the next token for a refresh token.
///
/// How sessions begin, are resumed and end is in the extensions beside this file.
public struct Sessions: Sendable {
    let store: any Store
    let tokens: Tokens
    let passwords: PasswordHasher
    /// In milliseconds; 0 where a refresh token is good once for browsers too.
    let window: Int64
    /// How many live sessions an account may have.
    let bound: Int
    let newPassword: NewPassword
    let randomID: @Sendable () -> Session.ID
    let onReuse: @Sendable (Reuse) -> Void

    /// Makes the rules of a store.
    ///
    /// - Parameters:
    ///   - store: Where accounts and sessions are.
    ///   - tokens: Signs and reads tokens.
    ///   - passwords: Verifies passwords.
    ///   - window: How long the tabs of one browser may take to hear of a new refresh token, in
    ///     milliseconds; 0 for no time at all.
    ///   - bound: How many live sessions an account may have; a login beyond ends the oldest.
    ///   - newPassword: What another password must be.
    ///   - randomID: Draws the number of a session: positive, and from a source that nobody can
    ///     predict.
    ///   - onReuse: Hears of a session that ended because somebody has a copy of its tokens.
    public init(
        store: any Store, tokens: Tokens, passwords: PasswordHasher, window: Int64 = 10_000,
        bound: Int = 1000, newPassword: NewPassword = .contract,
        randomID: @escaping @Sendable () -> Session.ID = { .random(in: 1 ... .max) },
        onReuse: @escaping @Sendable (Reuse) -> Void = { _ in }
    ) {
        self.store = store
        self.tokens = tokens
        self.passwords = passwords
        self.window = window
        self.bound = bound
        self.newPassword = newPassword
        self.randomID = randomID
        self.onReuse = onReuse
    }

    /// Exchanges a refresh token for the next one, or the newest again, and a new access token.
    ///
    /// - Throws: `AuthError.invalidRefreshToken` or `refreshTokenRevoked`.
    public func refresh(
        refreshToken: String, by presenter: RefreshClient, from client: Client, at now: Timestamp
    ) async throws -> IssuedTokens {
        let (claims, key) = try tokens.refreshClaims(in: refreshToken, at: now)
        let retryKey = try presenter.retryKey.map(key.retryKey)
        let outcome = try await store.write { rows -> Outcome in
            guard case (var session, let account)? = try rows.session(id: claims.sessionID),
                session.accountID == claims.accountID, session.isLive(at: now),
                !account.isDisabled
            else { return .ended }
            let rotation =
                presenter == .browser && window > 0
                ? session.family.present(claims.generation, window: window, at: now)
                : session.family.presentOnce(
                    claims.generation, retryKey: retryKey, window: window, at: now)
            if rotation == .refused {
                return .reused(try end(session, for: claims, from: client, at: now, in: rows))
            }
            session.seenAt = now
            session.client = client
            try rows.updateSession(session)
            try rows.record(
                Event(
                    .refresh, by: .owner, at: now, account: account.id, session: session.id,
                    address: client.address,
                    detail: "generation \(claims.generation) for \(session.family.generation)"))
            return .going(session, account)
        }
        // Refused only here: thrown inside, the refusal would undo the end of the session.
        switch outcome {
        case .going(let session, let account):
            return try issue(of: session, for: account, at: now)
        case .reused(let reuse):
            onReuse(reuse)
            throw AuthError.refreshTokenRevoked
        case .ended:
            throw AuthError.refreshTokenRevoked
        }
    }

    /// Hands out the tokens of a session's newest generation.
    func issue(of session: Session, for account: Account, at now: Timestamp) throws -> IssuedTokens
    {
        IssuedTokens(
            accessToken: try tokens.accessToken(of: session, for: account, at: now),
            accessMaxAge: tokens.accessLifetime,
            refreshToken: try tokens.refreshToken(of: session, for: account),
            refreshMaxAge: session.expiresAt.seconds - now.seconds)
    }

    // MARK: The steps

    /// What became of a presented token.
    enum Outcome: Sendable {
        case going(Session, Account)
        case reused(Reuse)
        case ended
    }

    /// Ends the session of a token that no honest client presents.
    func end(
        _ session: Session, for claims: Claims, from client: Client, at now: Timestamp,
        in rows: any WritableRows
    ) throws -> Reuse {
        let reuse = Reuse(
            sessionID: session.id, presented: claims.generation,
            newest: session.family.generation, client: client, lastClient: session.client)
        try rows.end(
            .one(session),
            recording: Event(
                .reuse, by: .gatehouse, at: now, address: client.address,
                detail: reuse.description))
        return reuse
    }
}

/// What a login or a refresh hands out.
public struct IssuedTokens: Sendable {
    /// The access token.
    public let accessToken: String
    /// Its lifetime, in seconds.
    public let accessMaxAge: Int64
    /// The refresh token.
    public let refreshToken: String
    /// What remains of the session, in seconds.
    public let refreshMaxAge: Int64
}

extension RefreshClient {
    fileprivate var retryKey: String? {
        switch self {
        case .browser: nil
        case .program(let retryKey): retryKey
        }
    }
}
