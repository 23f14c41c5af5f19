// Operations that find an account, list and end its sessions, and list events.
extension Accounts {
    /// Returns the live sessions of an account, with the latest login first.
    public func sessions(of account: Account.ID, at now: Timestamp) async throws -> [Session] {
        try await store.read { try $0.liveSessions(of: account, at: now) }
    }

    /// Returns the account with an e-mail address, in any of its spellings.
    ///
    /// - Throws: `AuthError.accountNotFound`.
    public func find(email: String) async throws -> Account {
        let account = try await store.read { try $0.account(email: email) }
        guard let account else { throw AuthError.accountNotFound }
        return account
    }

    /// Ends a live session.
    ///
    /// - Parameters:
    ///   - id: The ID of the session.
    ///   - account: The account that the session must belong to; `nil` for any account.
    ///   - actor: Who ends the session.
    ///   - client: Where the request comes from; `nil` for the command line.
    ///   - now: The current time.
    /// - Throws: `AuthError.sessionNotFound`.
    public func endSession(
        _ id: Session.ID, of account: Account.ID?, by actor: Event.Actor, from client: Client?,
        at now: Timestamp
    ) async throws {
        try await store.write { rows in
            guard let session = try rows.session(id: id)?.session, session.isLive(at: now),
                account == nil || session.accountID == account
            else { throw AuthError.sessionNotFound }
            try rows.end(
                .one(session),
                recording: Event(
                    .sessionEnded, by: actor, at: now, address: client?.address ?? ""))
        }
    }

    /// Ends all live sessions of an account.
    ///
    /// - Returns: The number of sessions that were ended.
    /// - Throws: `AuthError.accountNotFound`.
    public func endSessions(
        of email: String, by actor: Event.Actor, at now: Timestamp
    ) async throws -> Int {
        try await store.write { rows in
            guard let account = try rows.account(email: email) else {
                throw AuthError.accountNotFound
            }
            return try rows.end(
                .ofAccount(account.id), recording: Event(.sessionEnded, by: actor, at: now))
        }
    }

    /// Returns the newest events that match a filter, in the order in which they happened.
    ///
    /// The events of kind `imported`, one for each account of an import, are left out unless the
    /// filter names kinds, an account or a session. An import can record thousands of them, which
    /// would hide the other events.
    public func events(_ filter: Event.Filter) async throws -> [Event] {
        var filter = filter
        if filter.kinds == nil, filter.accountID == nil, filter.sessionID == nil {
            filter.kinds = Event.Kind.allCases.filter { $0 != .imported }
        }
        return try await store.read { [filter] in try $0.events(filter) }
    }
}
