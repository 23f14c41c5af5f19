extension Sessions {
    /// Returns the caller that an access token identifies.
    ///
    /// A valid signature is not enough. The session must be live, and the account must exist and
    /// must not be disabled.
    ///
    /// - Parameters:
    ///   - accessToken: The access token.
    ///   - isOnlyToken: False if the request has another access token. In that case, a token that
    ///     no honest client can have is refused but does not end its session yet; see
    ///     `resume(accessTokens:)`.
    ///   - client: The client that sent the request.
    ///   - now: The current time.
    /// - Returns: The account and the session of the token.
    /// - Throws: `AuthError.expiredAccessToken` if the token is genuine and its session is live but
    ///   the token has expired; `invalidAccessToken`; `accountNotFound` if the account was removed.
    public func resume(
        accessToken: String, isOnlyToken: @autoclosure () -> Bool = true,
        from client: @autoclosure () -> Client, at now: Timestamp
    ) async throws -> Caller {
        let claims = try tokens.accessClaims(in: accessToken)
        let isCurrent = claims.areCurrent(at: now)
        guard let status = try await store.status(of: claims.sessionID) else {
            guard isCurrent else { throw AuthError.invalidAccessToken }
            let account = try await store.read { try $0.account(id: claims.accountID) }
            throw account == nil ? AuthError.accountNotFound : AuthError.invalidAccessToken
        }
        let account = status.account
        guard status.isLive(at: now), account.id == claims.accountID, !account.isDisabled
        else { throw AuthError.invalidAccessToken }
        guard isCurrent else { throw AuthError.expiredAccessToken }
        if status.needsConfirmation(claims.generation) {
            try await recordUse(
                of: claims, endsReused: isOnlyToken(), from: client(), at: now)
        }
        return Caller(account: account, sessionID: claims.sessionID)
    }

    /// Records the use of an access token in its session.
    ///
    /// The request waits for the write, so that later requests see the record. If the store cannot
    /// write, this method only checks the rotation rule, so that a request that only reads can
    /// still succeed.
    private func recordUse(
        of claims: Claims, endsReused: Bool, from client: Client, at now: Timestamp
    ) async throws {
        let outcome: Outcome
        do {
            outcome = try await recordedUse(
                of: claims, endsReused: endsReused, from: client, at: now)
        } catch {
            guard try await isPossible(claims, at: now) else { throw AuthError.invalidAccessToken }
            return
        }
        switch outcome {
        case .live: return
        case .reused(let reuse):
            onReuse(reuse)
            throw AuthError.invalidAccessToken
        case .refused, .ended: throw AuthError.invalidAccessToken
        }
    }

    private func recordedUse(
        of claims: Claims, endsReused: Bool, from client: Client, at now: Timestamp
    ) async throws -> Outcome {
        try await store.write { rows in
            guard case (var session, let account)? = try rows.session(id: claims.sessionID),
                session.isLive(at: now)
            else { return .ended }
            let known = session.family
            guard session.family.use(claims.generation, window: window, at: now) else {
                guard endsReused else { return .refused }
                return .reused(try end(session, for: claims, from: client, at: now, in: rows))
            }
            if session.family != known {
                session.seenAt = now
                try rows.updateSession(session)
            }
            return .live(session, account)
        }
    }

    private func isPossible(_ claims: Claims, at now: Timestamp) async throws -> Bool {
        try await store.read { rows in
            guard var session = try rows.session(id: claims.sessionID)?.session,
                session.isLive(at: now)
            else { return false }
            return session.family.use(claims.generation, window: window, at: now)
        }
    }
}
