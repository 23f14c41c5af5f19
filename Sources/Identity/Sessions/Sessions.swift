public import Cryptography

/// The domain rules for signing in, and for refreshing, resuming and ending sessions.
///
/// This file contains the refresh. The extensions in the files `Sessions+*.swift` contain the rest.
public struct Sessions: Sendable {
    let store: any Store
    let tokens: Tokens
    let passwords: PasswordHasher
    /// How long the tabs of one browser may take to receive a new refresh token, in milliseconds; 0
    /// if a refresh token is accepted only once.
    let window: Int64
    /// The maximum number of live sessions of an account.
    let maximumPerAccount: Int
    let newPassword: NewPassword
    let refusesCommonPasswords: Bool
    let randomID: @Sendable () -> Session.ID
    let onReuse: @Sendable (Reuse) -> Void

    /// Creates the domain rules for the sessions in a store.
    ///
    /// - Parameters:
    ///   - store: The store of accounts and sessions.
    ///   - tokens: Signs and reads tokens.
    ///   - passwords: Verifies and hashes passwords.
    ///   - window: How long the tabs of one browser may take to receive a new refresh token, in
    ///     milliseconds; 0 if a refresh token is accepted only once.
    ///   - maximumPerAccount: The maximum number of live sessions of an account; one more login
    ///     ends the oldest session.
    ///   - newPassword: The rule for new passwords.
    ///   - refusesCommonPasswords: Whether new passwords that attackers try first are refused.
    ///   - randomID: Returns a new session ID, which must be positive and unpredictable.
    ///   - onReuse: Called after a session was ended because someone has a copy of its tokens.
    public init(
        store: any Store, tokens: Tokens, passwords: PasswordHasher, window: Int64 = 10_000,
        maximumPerAccount: Int = 1000, newPassword: NewPassword = .contract,
        refusesCommonPasswords: Bool = false,
        randomID: @escaping @Sendable () -> Session.ID = { .random(in: 1 ... .max) },
        onReuse: @escaping @Sendable (Reuse) -> Void = { _ in }
    ) {
        self.store = store
        self.tokens = tokens
        self.passwords = passwords
        self.window = window
        self.maximumPerAccount = maximumPerAccount
        self.newPassword = newPassword
        self.refusesCommonPasswords = refusesCommonPasswords
        self.randomID = randomID
        self.onReuse = onReuse
    }

    /// Exchanges a refresh token for a new access token, and for either a new refresh token or the
    /// newest existing one.
    ///
    /// - Throws: `AuthError.invalidRefreshToken` or `refreshTokenRevoked`.
    public func refresh(
        refreshToken: String, by refreshClient: RefreshClient, from client: Client,
        at now: Timestamp
    ) async throws -> IssuedTokens {
        let (claims, key) = try tokens.refreshClaims(in: refreshToken, at: now)
        let retryKey = try refreshClient.retryKey.map(key.retryKey)
        let outcome = try await store.write { rows in
            try rotate(
                claims, by: refreshClient, retryKey: retryKey, from: client, at: now, in: rows)
        }
        // Throw only after the commit. An error thrown inside the transaction would undo the end of
        // the session.
        switch outcome {
        case .live(let session, let account):
            return try tokens.issue(for: session, of: account, at: now)
        case .reused(let reuse):
            onReuse(reuse)
            throw AuthError.refreshTokenRevoked
        case .refused, .ended:
            throw AuthError.refreshTokenRevoked
        }
    }

    /// Exchanges the refresh token with these claims, or refuses it.
    ///
    /// A token that no honest client can present ends its session, unless `endsReused` is false.
    func rotate(
        _ claims: Claims, by refreshClient: RefreshClient, retryKey: Int64?,
        endsReused: Bool = true, from client: Client, at now: Timestamp, in rows: any WritableRows
    ) throws -> Outcome {
        guard case (var session, let account)? = try rows.session(id: claims.sessionID),
            session.accountID == claims.accountID, session.isLive(at: now), !account.isDisabled
        else { return .ended }
        let rotation =
            refreshClient == .browser && window > 0
            ? session.family.present(claims.generation, window: window, at: now)
            : session.family.presentOnce(
                claims.generation, retryKey: retryKey, window: window, at: now)
        if rotation == .refused {
            guard endsReused else { return .refused }
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
        return .live(session, account)
    }

    // MARK: Outcomes

    /// The outcome for a presented access token or refresh token.
    enum Outcome: Sendable {
        case live(Session, Account)
        /// No honest client can present the token, and its session was ended.
        case reused(Reuse)
        /// No honest client can present the token. Its session goes on, because the request has
        /// other tokens, which must be judged first.
        case refused
        case ended
    }

    /// Ends the session of a token that no honest client can present.
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
