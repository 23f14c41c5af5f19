import Cryptography

extension Sessions {
    /// Begins a session.
    ///
    /// An unknown account costs the same work as a known one, and gets the same answer.
    ///
    /// - Throws: `AuthError.wrongCredentials`, `throttled` or `busy`.
    public func logIn(
        username: String, password: String, from client: Client, at now: Timestamp
    ) async throws -> IssuedTokens {
        // The database of the Express backend ignored blanks at the end, and clients send them.
        let email = String(username[...].utf8.trimmingEnd(of: UInt8(ascii: " "))) ?? username
        let attempt = try await credentials.login(as: email, from: client, at: now)
        while true {
            let verified = try await credentials.verify(password, in: attempt)
            let stronger = try await strongerHash(for: password, than: verified.hash)
            let started = try await store.write { rows -> (Session, Account)? in
                guard let account = try rows.accept(verified) else { return nil }
                if let stronger { try rows.setPasswordHash(stronger, of: account.id) }
                return (try begin(for: account, from: client, at: now, in: rows), account)
            }
            if let (session, account) = started {
                return try issue(of: session, for: account, at: now)
            }
            // The account has changed while the password was hashed: another login may have made
            // the hash stronger, or the password may be wrong now.
        }
    }

    /// A new hash where the stored one is weaker than the setting asks for.
    ///
    /// Never worth a refusal: a lane that is full only puts it off.
    private func strongerHash(for password: String, than hash: String) async throws -> String? {
        guard passwords.isWeaker(hash) else { return nil }
        do {
            return try await passwords.hash(password)
        } catch is PasswordHasher.Busy {
            return nil
        }
    }

    private func begin(
        for account: Account, from client: Client, at now: Timestamp, in rows: any WritableRows
    ) throws -> Session {
        for id in try rows.endSessions(of: account.id, keeping: bound - 1, at: now) {
            try rows.record(
                Event(
                    .sessionEnded, by: .gatehouse, at: now, account: account.id, session: id,
                    address: client.address, detail: "more than \(bound) sessions"))
        }
        while true {
            let session = Session(
                id: randomID(), accountID: account.id, startedAt: now,
                expiresAt: Timestamp(seconds: now.seconds + tokens.refreshLifetime),
                family: RefreshTokenFamily(startedAt: now), seenAt: now, client: client)
            guard try rows.addSession(session) else { continue }
            try rows.record(
                Event(
                    .login, by: .owner, at: now, account: account.id, session: session.id,
                    address: client.address, detail: client.device))
            return session
        }
    }
}

extension Substring.UTF8View {
    /// Without the bytes of one kind at the end.
    fileprivate func trimmingEnd(of byte: UInt8) -> Substring.UTF8View {
        var rest = self
        while rest.last == byte { rest = rest.dropLast() }
        return rest
    }
}
