import Cryptography

extension Sessions {
    /// Changes the password of the caller's account, begins a new session and ends all others,
    /// including the caller's.
    ///
    /// The caller's session ends too, because someone may have a copy of its tokens.
    ///
    /// - Parameters:
    ///   - caller: The account and the session of the request.
    ///   - current: The current password.
    ///   - new: The new password.
    ///   - client: The client that sent the request.
    ///   - now: The current time.
    /// - Returns: The tokens of the new session.
    /// - Throws: `AuthError.invalid`, `wrongPassword`, `throttled`, `tooManyPasswords` or `busy`;
    ///   `invalidAccessToken` if the session has ended in the meantime.
    public func changePassword(
        of caller: Caller, from current: String, to new: String, from client: Client,
        at now: Timestamp
    ) async throws -> IssuedTokens {
        var violations = newPassword.violations(
            in: new, of: caller.account.email, hashedBy: passwords,
            refusesCommon: refusesCommonPasswords)
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
            let hash = try await PasswordHasher.mappingBusy { [attempt] in
                try await passwords.hash(new, for: attempt.requester)
            }
            let started = try await store.write { rows -> (Session, Account)? in
                guard let session = try rows.session(id: caller.sessionID)?.session,
                    session.isLive(at: now), session.accountID == verified.accountID
                else { throw AuthError.invalidAccessToken }
                guard let (account, assurance) = try rows.accept(verified) else { return nil }
                let event = Event(
                    .passwordChanged, by: .owner, at: now, account: account.id,
                    session: session.id, address: client.address)
                try rows.replacePassword(with: hash, of: account.id, at: now)
                try rows.record(event)
                let begun = try begin(for: account, after: assurance, from: client, in: rows)
                try rows.end(
                    .ofAccount(account.id, except: begun.id), recording: event.endingSessions)
                return (begun, account)
            }
            if let (session, account) = started {
                return try tokens.issue(for: session, of: account, at: now)
            }
            // A login has stored a stronger hash in the meantime, or another password change came
            // first. So verify the current password again.
        }
    }
}
