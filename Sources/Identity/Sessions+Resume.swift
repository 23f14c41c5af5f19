extension Sessions {
    /// Returns the caller that an access token identifies.
    ///
    /// The signature is not enough: the session must be live and the account must exist.
    ///
    /// - Throws: `AuthError.expiredAccessToken` if the token is genuine and its session is live, but
    ///   the token has expired; `invalidAccessToken`; `accountNotFound` if the account was removed.
    public func resume(
        accessToken: String, from client: @autoclosure () -> Client, at now: Timestamp
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
            try await note(claims, from: client(), at: now)
        }
        return Caller(account: account, sessionID: claims.sessionID)
    }

    /// Tells a session's chain of an access token in use.
    ///
    /// Waited for, so that what follows the answer finds it noted; but a store that cannot write
    /// is no reason to refuse a request that only reads, unless the rule does.
    private func note(_ claims: Claims, from client: Client, at now: Timestamp) async throws {
        let outcome: Outcome
        do {
            outcome = try await noted(claims, from: client, at: now)
        } catch {
            guard try await isHonest(claims, at: now) else { throw AuthError.invalidAccessToken }
            return
        }
        switch outcome {
        case .going: return
        case .reused(let reuse):
            onReuse(reuse)
            throw AuthError.invalidAccessToken
        case .ended: throw AuthError.invalidAccessToken
        }
    }

    private func noted(
        _ claims: Claims, from client: Client, at now: Timestamp
    ) async throws -> Outcome {
        try await store.write { rows in
            guard case (var session, let account)? = try rows.session(id: claims.sessionID),
                session.isLive(at: now)
            else { return .ended }
            let known = session.family
            guard session.family.use(claims.generation, window: window, at: now) else {
                return .reused(try end(session, for: claims, from: client, at: now, in: rows))
            }
            if session.family != known {
                session.seenAt = now
                try rows.updateSession(session)
            }
            return .going(session, account)
        }
    }

    private func isHonest(_ claims: Claims, at now: Timestamp) async throws -> Bool {
        try await store.read { rows in
            guard var session = try rows.session(id: claims.sessionID)?.session,
                session.isLive(at: now)
            else { return false }
            return session.family.use(claims.generation, window: window, at: now)
        }
    }
}

/// Somebody who is signed in.
public struct Caller: Sendable {
    /// The account, as it is now.
    public let account: Account
    /// The session that the access token names.
    public let sessionID: Session.ID
}
