import Cryptography

extension Sessions {
    /// Changes the password of the caller's account and ends its other sessions.
    ///
    /// - Parameters:
    ///   - caller: The account and the session of the request.
    ///   - current: The current password.
    ///   - new: The new password.
    ///   - client: The client that sent the request.
    ///   - now: The current time.
    /// - Throws: `AuthError.invalid`, `wrongPassword`, `throttled` or `busy`; `invalidAccessToken`
    ///   if the session has ended in the meantime.
    public func changePassword(
        of caller: Caller, from current: String, to new: String, from client: Client,
        at now: Timestamp
    ) async throws {
        var violations = newPassword.violations(in: new) + passwords.violations(of: new)
        if new.utf8.elementsEqual(current.utf8) {
            violations.append(.passwordUnchanged)
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
                try rows.replacePassword(with: hash, of: account.id, at: now)
                try rows.record(event)
                try rows.end(
                    .ofAccount(account.id, except: session.id), recording: event.endingSessions)
                return true
            }
            // If the password was not changed, a login has stored a stronger hash in the meantime,
            // or another change came first. So verify the current password again.
            if isChanged { return }
        }
    }
}
