extension Sessions {
    /// Ends the caller's session; its tokens are refused from now on.
    ///
    /// - Parameters:
    ///   - caller: The caller.
    ///   - everywhere: Whether all other sessions of the account end as well.
    ///   - client: Where the request comes from.
    ///   - now: The time.
    /// - Throws: The store's own error.
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

    /// Ends the session of a refresh token of any generation.
    ///
    /// A session that has already ended is not an error.
    ///
    /// - Throws: `AuthError.invalidRefreshToken`.
    public func logOut(
        refreshToken: String, from client: Client, at now: Timestamp
    ) async throws {
        let claims: Claims
        do {
            claims = try tokens.refreshClaims(in: refreshToken, at: now).claims
        } catch AuthError.refreshTokenRevoked {
            // A token of another type: it names no session, so nothing has ended.
            throw AuthError.invalidRefreshToken
        }
        let event = Event(
            .logout, by: .owner, at: now, account: claims.accountID, session: claims.sessionID,
            address: client.address)
        try await store.write { rows in try rows.logOut(because: event) }
    }
}

extension WritableRows {
    /// Ends the session of an event and records the event, unless the session has already ended.
    fileprivate func logOut(because event: Event) throws {
        guard let session = try event.sessionID.flatMap({ try session(id: $0)?.session }),
            session.accountID == event.accountID, session.endedAt == nil
        else { return }
        try end(.one(session), recording: event)
    }
}
