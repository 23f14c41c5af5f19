extension Sessions {
    /// Ends a session; its tokens are refused from now on.
    ///
    /// - Parameters:
    ///   - caller: Whose session.
    ///   - everywhere: Whether all sessions of the account end with it.
    ///   - client: Where the request comes from.
    ///   - now: The time.
    /// - Throws: The store's own error.
    public func logOut(
        _ caller: Caller, everywhere: Bool = false, from client: Client, at now: Timestamp
    ) async throws {
        try await store.write { rows in
            try logOut(caller.sessionID, from: client, at: now, in: rows)
            guard everywhere else { return }
            for id in try rows.endSessions(of: caller.account.id, except: nil, at: now) {
                try rows.record(
                    Event(
                        .sessionEnded, by: .owner, at: now, account: caller.account.id,
                        session: id, address: client.address,
                        detail: "logout everywhere from session \(caller.sessionID)"))
            }
        }
    }

    /// Ends the session of a refresh token, of whatever generation; none is needed to be live.
    ///
    /// - Throws: `Refusal.invalidRefreshToken`.
    public func logOut(
        refreshToken: String, from client: Client, at now: Timestamp
    ) async throws {
        let claims: Claims
        do {
            claims = try tokens.refreshClaims(in: refreshToken, at: now)
        } catch Refusal.endedRefreshToken {
            return
        }
        try await store.write { rows in
            try logOut(claims.sessionID, from: client, at: now, in: rows)
        }
    }

    private func logOut(
        _ id: Session.ID, from client: Client, at now: Timestamp, in rows: any WritableRows
    ) throws {
        guard var session = try rows.session(id: id)?.session, session.endedAt == nil else {
            return
        }
        session.endedAt = now
        try rows.updateSession(session)
        try rows.record(
            Event(
                .logout, by: .owner, at: now, account: session.accountID, session: id,
                address: client.address))
    }
}
