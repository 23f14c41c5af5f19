import Cryptography

extension Sessions {
    /// Signs in with a password and begins a session.
    ///
    /// An unknown account costs the same work and gives the same error as a wrong password.
    ///
    /// - Parameters:
    ///   - username: The e-mail address of the account.
    ///   - password: The password.
    ///   - devices: The device cookies that the client sent; an earlier login may have set one.
    ///   - client: The client that sent the request.
    ///   - now: The current time.
    /// - Returns: The tokens of the new session, and a new cookie that makes the client a known
    ///   device of the account.
    /// - Throws: `AuthError.wrongCredentials`, `throttled`, `tooManyPasswords` or `busy`.
    public func logIn(
        username: String, password: String, devices: [String], from client: Client,
        at now: Timestamp
    ) async throws -> SignIn {
        // Ignore trailing spaces, because clients send them and the database of the Express backend
        // ignored them.
        let email = String(username[...].utf8.trimmingEnd(of: UInt8(ascii: " "))) ?? username
        let authenticator = authenticator
        let throttle = authenticator.throttle
        var attempt = try throttle.login(as: email, devices: devices, from: client, at: now)
        while true {
            let verified = try await authenticator.verify(password, in: &attempt)
            let stronger =
                verified.isWeak ? try await strongerHash(of: password, for: attempt) : nil
            let started = try await store.write { rows -> (Session, Account)? in
                guard let (account, assurance) = try rows.accept(verified) else { return nil }
                if let stronger { try rows.setPasswordHash(stronger, of: account.id) }
                return (try begin(for: account, after: assurance, from: client, in: rows), account)
            }
            if let (session, account) = started {
                return .signedIn(
                    try tokens.issue(for: session, of: account, at: now),
                    device: try throttle.deviceCookie(after: attempt))
            }
            // The account changed while the password was hashed. Another login may have stored a
            // stronger hash, or the password may be wrong now. So verify the password again.
        }
    }

    var authenticator: PasswordAuthenticator {
        PasswordAuthenticator(
            store: store, passwords: passwords, throttle: tokens.throttle)
    }

    /// Returns a new hash, as strong as the settings require; `nil` if the hashing queue is full.
    ///
    /// If the queue is full, the login goes on without a new hash, and the next login tries again.
    private func strongerHash(
        of password: String, for attempt: LoginAttempt
    ) async throws -> String? {
        do {
            return try await passwords.hash(password, for: attempt.requester)
        } catch is PasswordHasher.Busy {
            return nil
        }
    }

    /// Begins a session for an account whose password has been verified.
    func begin(
        for account: Account, after assurance: Assurance, from client: Client,
        in rows: any WritableRows
    ) throws -> Session {
        let now = assurance.at
        try rows.end(
            .ofAccountBeyondNewest(account.id, keeping: maximumPerAccount - 1),
            recording: Event(
                .sessionEnded, by: .gatehouse, at: now, address: client.address,
                detail: "more than \(maximumPerAccount) sessions"))
        while true {
            let session = Session(
                id: randomID(), of: account.id, startedBy: assurance,
                expiresAt: Timestamp(seconds: now.seconds + tokens.refreshLifetime), client: client)
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
    /// Returns the view without trailing occurrences of `byte`.
    fileprivate func trimmingEnd(of byte: UInt8) -> Substring.UTF8View {
        var rest = self
        while rest.last == byte { rest = rest.dropLast() }
        return rest
    }
}
