public import Cryptography

/// Logging in, staying signed in, and logging out.
public struct Sessions: Sendable {
    private let store: any Store
    private let tokens: Tokens
    private let passwords: PasswordHasher
    private let randomID: @Sendable () -> Session.ID
    private let onReuse: @Sendable (Session) -> Void

    /// Makes the rules of a store.
    ///
    /// - Parameters:
    ///   - store: Where accounts and sessions are.
    ///   - tokens: Signs and reads tokens.
    ///   - passwords: Verifies passwords.
    ///   - randomID: Draws the number of a session: positive, and from a source that nobody can
    ///     predict.
    ///   - onReuse: Hears of a session that ended because a refresh token came a second time.
    public init(
        store: any Store, tokens: Tokens, passwords: PasswordHasher,
        randomID: @escaping @Sendable () -> Session.ID = { .random(in: 1 ... .max) },
        onReuse: @escaping @Sendable (Session) -> Void = { _ in }
    ) {
        self.store = store
        self.tokens = tokens
        self.passwords = passwords
        self.randomID = randomID
        self.onReuse = onReuse
    }

    /// Begins a session.
    ///
    /// An unknown account costs the same work as a known one, and gets the same answer.
    ///
    /// - Throws: `Refusal.wrongCredentials` or `busy`.
    public func logIn(
        username: String, password: String, at now: Timestamp
    ) async throws -> IssuedTokens {
        // The database of the Express backend ignored blanks at the end, and clients send them.
        let email = String(username[...].utf8.trimmingEnd(of: UInt8(ascii: " "))) ?? username
        let found = try await store.read { rows in
            try rows.account(email: email).map { ($0, try rows.passwordHash(of: $0.id)) }
        }
        let isRight = try await verify(password, against: found?.1)
        guard isRight, case (let known, let hash?)? = found, !known.isDisabled else {
            throw Refusal.wrongCredentials
        }
        let stronger = try await strongerHash(for: password, than: hash)

        let started = try await store.write { rows -> (Session, Account)? in
            guard let account = try rows.account(id: known.id), !account.isDisabled,
                try rows.passwordHash(of: account.id) == hash
            else { return nil }
            if let stronger { try rows.setPasswordHash(stronger, of: account.id) }
            return (try begin(for: account, at: now, in: rows), account)
        }
        guard let (session, account) = started else {
            // The account has changed while the password was hashed: another login may have made
            // the hash stronger, or the password may be wrong now.
            return try await logIn(username: username, password: password, at: now)
        }
        return try issue(of: session, for: account, at: now)
    }

    /// Who presents an access token.
    ///
    /// The signature is not enough: the session must live and the account be there.
    ///
    /// - Throws: `Refusal.invalidAccessToken`; `accountNotFound` when the account was removed.
    public func resume(accessToken: String, at now: Timestamp) async throws -> Caller {
        let claims = try tokens.accessClaims(in: accessToken, at: now)
        guard let (session, account) = try await store.session(id: claims.sessionID) else {
            let account = try await store.read { try $0.account(id: claims.accountID) }
            throw account == nil ? Refusal.accountNotFound : Refusal.invalidAccessToken
        }
        guard session.isLive(at: now), session.accountID == claims.accountID, !account.isDisabled
        else { throw Refusal.invalidAccessToken }
        return Caller(account: account, session: session)
    }

    /// Exchanges a refresh token for the next one and a new access token.
    ///
    /// - Throws: `Refusal.invalidRefreshToken` or `endedRefreshToken`.
    public func refresh(refreshToken: String, at now: Timestamp) async throws -> IssuedTokens {
        let claims = try tokens.refreshClaims(in: refreshToken, at: now)
        let outcome = try await store.write { rows -> (Rotation, Account)? in
            guard let (session, account) = try rows.session(id: claims.sessionID),
                session.accountID == claims.accountID, !account.isDisabled
            else { return nil }
            let rotation = Rotation(of: session, presenting: claims.generation, at: now)
            switch rotation {
            case .rotated(let session), .reused(let session): try rows.updateSession(session)
            case .ended: break
            }
            return (rotation, account)
        }
        // Refused only here: thrown inside, the refusal would undo the end of the session.
        switch outcome {
        case (.rotated(let session), let account)?:
            return try issue(of: session, for: account, at: now)
        case (.reused(let session), _)?:
            onReuse(session)
            throw Refusal.endedRefreshToken
        case (.ended, _)?, nil:
            throw Refusal.endedRefreshToken
        }
    }

    /// Ends a session; its tokens are refused from now on.
    public func logOut(_ caller: Caller, at now: Timestamp) async throws {
        try await store.write { rows in
            guard var (session, _) = try rows.session(id: caller.session.id),
                session.endedAt == nil
            else { return }
            session.endedAt = now
            try rows.updateSession(session)
        }
    }

    // MARK: The steps

    private func verify(_ password: String, against hash: String?) async throws -> Bool {
        do {
            return try await passwords.verify(password, against: hash)
        } catch is PasswordHasher.Busy {
            throw Refusal.busy
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
        for account: Account, at now: Timestamp, in rows: any WritableRows
    ) throws -> Session {
        // A little of the old goes with each new one: no sweep ever stands in a request's way.
        try rows.purgeSessions(expiredBefore: now, limit: 8)
        while true {
            let session = Session(
                id: randomID(), accountID: account.id, startedAt: now,
                expiresAt: Timestamp(seconds: now.seconds + tokens.refreshLifetime),
                rotatedAt: now)
            if try rows.addSession(session) { return session }
        }
    }

    private func issue(
        of session: Session, for account: Account, at now: Timestamp
    ) throws -> IssuedTokens {
        IssuedTokens(
            accessToken: try tokens.accessToken(of: session, for: account, at: now),
            accessMaxAge: tokens.accessLifetime,
            refreshToken: try tokens.refreshToken(of: session, for: account),
            refreshMaxAge: session.expiresAt.seconds - now.seconds)
    }
}

/// Somebody who is signed in.
public struct Caller: Sendable {
    /// The account, as it is now.
    public let account: Account
    /// The session that the access token names.
    public let session: Session
}

/// What a login or a refresh hands out.
public struct IssuedTokens: Sendable {
    /// The access token.
    public let accessToken: String
    /// Its lifetime, in seconds.
    public let accessMaxAge: Int64
    /// The refresh token.
    public let refreshToken: String
    /// What remains of the session, in seconds.
    public let refreshMaxAge: Int64
}

extension Substring.UTF8View {
    /// Without the bytes of one kind at the end.
    fileprivate func trimmingEnd(of byte: UInt8) -> Substring.UTF8View {
        var rest = self
        while rest.last == byte { rest = rest.dropLast() }
        return rest
    }
}
