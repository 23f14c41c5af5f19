import Cryptography

extension Sessions {
    /// Gives the caller's account another password, and ends its other sessions.
    ///
    /// - Parameters:
    ///   - caller: Who is signed in.
    ///   - current: The password until now.
    ///   - new: The password from now on.
    ///   - client: Where the request comes from.
    ///   - now: The time.
    /// - Throws: `AuthError.invalid`, `wrongPassword`, `throttled` or `busy`; `invalidAccessToken`
    ///   when the session has ended meanwhile.
    public func changePassword(
        of caller: Caller, from current: String, to new: String, from client: Client,
        at now: Timestamp
    ) async throws {
        var violations = newPassword.violations(in: new) + passwords.violations(of: new)
        if new.utf8.elementsEqual(current.utf8) {
            violations.append("New password must differ from the current one")
        }
        guard violations.isEmpty else { throw AuthError.invalid(violations) }

        let authenticator = authenticator
        var attempt = try authenticator.throttle.passwordChange(of: caller, from: client, at: now)
        while true {
            let verified: PasswordAuthenticator.Verified
            do {
                verified = try await authenticator.verify(current, in: &attempt)
            } catch AuthError.wrongCredentials {
                throw AuthError.wrongPassword
            }
            let hash = try await PasswordHasher.mappingBusy { try await passwords.hash(new) }
            let isChanged = try await store.write { rows in
                guard let session = try rows.session(id: caller.sessionID)?.session,
                    session.isLive(at: now), session.accountID == verified.accountID
                else { throw AuthError.invalidAccessToken }
                guard let account = try rows.accept(verified)?.account else { return false }
                let event = Event(
                    .passwordChanged, by: .owner, at: now, account: account.id,
                    session: session.id, address: client.address)
                try rows.setPasswordHash(hash, of: account.id)
                try rows.record(event)
                try rows.end(
                    .ofAccount(account.id, except: session.id), recording: event.endingSessions)
                return true
            }
            // Else a login has made the hash stronger meanwhile, or another change was first.
            if isChanged { return }
        }
    }

    var authenticator: PasswordAuthenticator {
        PasswordAuthenticator(
            store: store, passwords: passwords, throttle: Throttle(key: tokens.throttleKey))
    }
}
