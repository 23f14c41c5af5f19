extension Sessions {
    /// Ends the caller's session, whose tokens are refused from then on.
    ///
    /// - Parameters:
    ///   - caller: The account and the session of the request.
    ///   - others: The callers that further access tokens in the request identify; their sessions
    ///     end too.
    ///   - everywhere: Whether to end all other sessions of these accounts as well.
    ///   - client: The client that sent the request.
    ///   - now: The current time.
    /// - Throws: An error thrown by the store.
    public func logOut(
        _ caller: Caller, and others: [Caller] = [], everywhere: Bool = false, from client: Client,
        at now: Timestamp
    ) async throws {
        let events = ([caller] + others).map { caller in
            Event(
                .logout, by: .owner, at: now, account: caller.account.id,
                session: caller.sessionID, address: client.address)
        }
        try await store.write { rows in
            for event in events {
                try rows.logOut(because: event)
                if everywhere, let account = event.accountID {
                    try rows.end(.ofAccount(account), recording: event.endingSessions)
                }
            }
        }
    }

    /// Ends the sessions that refresh tokens name, whatever the tokens' generations.
    ///
    /// Tokens that are forged, malformed or expired are ignored if at least one other token is
    /// good. It is not an error if a session has already ended.
    ///
    /// - Throws: `AuthError.invalidRefreshToken` if no token is good.
    public func logOut(
        refreshTokens: [String], from client: Client, at now: Timestamp
    ) async throws {
        var events: [Event] = []
        for token in refreshTokens {
            do {
                let claims = try tokens.refreshClaims(in: token, at: now).claims
                events.append(
                    Event(
                        .logout, by: .owner, at: now, account: claims.accountID,
                        session: claims.sessionID, address: client.address))
            } catch AuthError.refreshTokenRevoked, AuthError.invalidRefreshToken {
                // `refreshTokenRevoked` is thrown here only for a token of another type. Such a
                // token names no session, like an invalid one.
                continue
            }
        }
        guard !events.isEmpty else { throw AuthError.invalidRefreshToken }
        try await store.write { [events] rows in
            for event in events { try rows.logOut(because: event) }
        }
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
