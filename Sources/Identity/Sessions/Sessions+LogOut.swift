extension Sessions {
    /// Ends the caller's session, whose tokens are refused from then on.
    ///
    /// - Parameters:
    ///   - caller: The account and the session of the request.
    ///   - everywhere: Whether to end all other sessions of the account as well.
    ///   - client: The client that sent the request.
    ///   - now: The current time.
    /// - Throws: An error thrown by the store.
    public func logOut(
        _ caller: Caller, everywhere: Bool = false, from client: Client, at now: Timestamp
    ) async throws {
        let event = Event(
            .logout, by: .owner, at: now, account: caller.account.id, session: caller.sessionID,
            address: client.address)
        try await store.write { rows in
            try rows.logOut(because: event)
            if everywhere {
                try rows.end(.ofAccount(caller.account.id), recording: event.endingSessions)
            }
        }
    }

    /// Ends the session that a refresh token names, whatever the token's generation.
    ///
    /// It is not an error if the session has already ended.
    ///
    /// - Throws: `AuthError.invalidRefreshToken`.
    public func logOut(
        refreshToken: String, from client: Client, at now: Timestamp
    ) async throws {
        let claims: Claims
        do {
            claims = try tokens.refreshClaims(in: refreshToken, at: now).claims
        } catch AuthError.refreshTokenRevoked {
            // The token is of another type. It names no session, so no session has been revoked.
            throw AuthError.invalidRefreshToken
        }
        let event = Event(
            .logout, by: .owner, at: now, account: claims.accountID, session: claims.sessionID,
            address: client.address)
        try await store.write { rows in try rows.logOut(because: event) }
    }
}

extension WritableRows {
    /// Ends the session that an event names and records the event, unless the session has ended.
    fileprivate func logOut(because event: Event) throws {
        guard let session = try event.sessionID.flatMap({ try session(id: $0)?.session }),
            session.accountID == event.accountID, session.endedAt == nil
        else { return }
        try end(.one(session), recording: event)
    }
}
