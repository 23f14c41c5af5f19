// The sessions of an account, as people see and end them.
extension Accounts {
    /// The live sessions of an account, the latest login first.
    public func sessions(of account: Account.ID, at now: Timestamp) async throws -> [Session] {
        try await store.read { try $0.liveSessions(of: account, at: now) }
    }

    /// The account of an e-mail address.
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
    ///   - id: Which one.
    ///   - account: Whose it must be; `nil` for anybody's.
    ///   - actor: Who ends it.
    ///   - client: Where they are; `nil` for the command line.
    ///   - now: The time.
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

    /// Ends all live sessions of an account at once.
    ///
    /// - Returns: How many.
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

    /// The newest events that pass a filter, in the order in which they happened.
    public func events(_ filter: Event.Filter) async throws -> [Event] {
        try await store.read { try $0.events(filter) }
    }
}
