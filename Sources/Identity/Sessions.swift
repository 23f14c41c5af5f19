public import Cryptography

/// Staying signed in: who presents an access token, and the next one for a refresh token.
///
/// How sessions begin and end is in the extensions beside this file.
public struct Sessions: Sendable {
    let store: any Store
    let tokens: Tokens
    let passwords: PasswordHasher
    /// In milliseconds; 0 where a refresh token is good once for browsers too.
    let window: Int64
    /// How many live sessions an account may have.
    let bound: Int
    let randomID: @Sendable () -> Session.ID
    private let onReuse: @Sendable (Reuse) -> Void

    /// Makes the rules of a store.
    ///
    /// - Parameters:
    ///   - store: Where accounts and sessions are.
    ///   - tokens: Signs and reads tokens.
    ///   - passwords: Verifies passwords.
    ///   - window: How long the tabs of one browser may take to hear of a new refresh token, in
    ///     milliseconds; 0 for no time at all.
    ///   - bound: How many live sessions an account may have; a login beyond ends the oldest.
    ///   - randomID: Draws the number of a session: positive, and from a source that nobody can
    ///     predict.
    ///   - onReuse: Hears of a session that ended because somebody has a copy of its tokens.
    public init(
        store: any Store, tokens: Tokens, passwords: PasswordHasher, window: Int64 = 10_000,
        bound: Int = 100,
        randomID: @escaping @Sendable () -> Session.ID = { .random(in: 1 ... .max) },
        onReuse: @escaping @Sendable (Reuse) -> Void = { _ in }
    ) {
        self.store = store
        self.tokens = tokens
        self.passwords = passwords
        self.window = window
        self.bound = bound
        self.randomID = randomID
        self.onReuse = onReuse
    }

    /// Who presents an access token.
    ///
    /// The signature is not enough: the session must live and the account be there.
    ///
    /// - Throws: `Refusal.invalidAccessToken`; `accountNotFound` when the account was removed.
    public func resume(
        accessToken: String, from client: @autoclosure () -> Client, at now: Timestamp
    ) async throws -> Caller {
        let claims = try tokens.accessClaims(in: accessToken, at: now)
        guard let standing = try await store.standing(of: claims.sessionID) else {
            let account = try await store.read { try $0.account(id: claims.accountID) }
            throw account == nil ? Refusal.accountNotFound : Refusal.invalidAccessToken
        }
        let account = standing.account
        guard standing.isLive(at: now), account.id == claims.accountID, !account.isDisabled
        else { throw Refusal.invalidAccessToken }
        if standing.isNews(claims.generation) {
            try await note(claims, from: client(), at: now)
        }
        return Caller(account: account, sessionID: claims.sessionID)
    }

    /// Exchanges a refresh token for the next one, or the newest again, and a new access token.
    ///
    /// - Throws: `Refusal.invalidRefreshToken` or `endedRefreshToken`.
    public func refresh(
        refreshToken: String, by presenter: Presenter, from client: Client, at now: Timestamp
    ) async throws -> IssuedTokens {
        let claims = try tokens.refreshClaims(in: refreshToken, at: now)
        let retryKey = try presenter.retryKey.map(tokens.retryKey)
        let outcome = try await store.write { rows -> Outcome in
            guard case (var session, let account)? = try rows.session(id: claims.sessionID),
                session.accountID == claims.accountID, session.isLive(at: now),
                !account.isDisabled
            else { return .ended }
            let rotation =
                presenter == .browser && window > 0
                ? session.chain.present(claims.generation, window: window, at: now)
                : session.chain.presentOnce(
                    claims.generation, retryKey: retryKey, window: window, at: now)
            if rotation == .refused {
                return .reused(try end(&session, for: claims, from: client, at: now, in: rows))
            }
            session.seenAt = now
            session.client = client
            try rows.updateSession(session)
            try rows.record(
                Event(
                    .refresh, by: .owner, at: now, account: account.id, session: session.id,
                    address: client.address,
                    detail: "generation \(claims.generation) for \(session.chain.generation)"))
            return .going(session, account)
        }
        // Refused only here: thrown inside, the refusal would undo the end of the session.
        switch outcome {
        case .going(let session, let account):
            return try issue(of: session, for: account, at: now)
        case .reused(let reuse):
            onReuse(reuse)
            throw Refusal.endedRefreshToken
        case .ended:
            throw Refusal.endedRefreshToken
        }
    }

    /// Hands out the tokens of a session's newest generation.
    func issue(of session: Session, for account: Account, at now: Timestamp) throws -> IssuedTokens
    {
        IssuedTokens(
            accessToken: try tokens.accessToken(of: session, for: account, at: now),
            accessMaxAge: tokens.accessLifetime,
            refreshToken: try tokens.refreshToken(of: session, for: account),
            refreshMaxAge: session.expiresAt.seconds - now.seconds)
    }

    // MARK: The steps

    private enum Outcome: Sendable {
        case going(Session, Account)
        case reused(Reuse)
        case ended
    }

    /// Tells a session's chain of an access token in use.
    ///
    /// Waited for, so that what follows the answer finds it noted; but a store that cannot write
    /// is no reason to refuse a request that only reads, unless the rule does.
    private func note(_ claims: Claims, from client: Client, at now: Timestamp) async throws {
        let outcome: Outcome
        do {
            outcome = try await noted(claims, from: client, at: now)
        } catch {
            guard try await isHonest(claims, at: now) else { throw Refusal.invalidAccessToken }
            return
        }
        switch outcome {
        case .going: return
        case .reused(let reuse):
            onReuse(reuse)
            throw Refusal.invalidAccessToken
        case .ended: throw Refusal.invalidAccessToken
        }
    }

    private func noted(
        _ claims: Claims, from client: Client, at now: Timestamp
    ) async throws -> Outcome {
        try await store.write { rows in
            guard case (var session, let account)? = try rows.session(id: claims.sessionID),
                session.isLive(at: now)
            else { return .ended }
            let known = session.chain
            guard session.chain.use(claims.generation, window: window, at: now) else {
                return .reused(try end(&session, for: claims, from: client, at: now, in: rows))
            }
            if session.chain != known {
                session.seenAt = now
                try rows.updateSession(session)
            }
            return .going(session, account)
        }
    }

    private func isHonest(_ claims: Claims, at now: Timestamp) async throws -> Bool {
        try await store.read { rows in
            guard var session = try rows.session(id: claims.sessionID)?.session,
                session.isLive(at: now)
            else { return false }
            return session.chain.use(claims.generation, window: window, at: now)
        }
    }

    private func end(
        _ session: inout Session, for claims: Claims, from client: Client, at now: Timestamp,
        in rows: any WritableRows
    ) throws -> Reuse {
        let reuse = Reuse(
            sessionID: session.id, presented: claims.generation,
            newest: session.chain.generation, client: client, lastClient: session.client)
        session.endedAt = now
        try rows.updateSession(session)
        try rows.record(
            Event(
                .reuse, by: .gatehouse, at: now, account: session.accountID, session: session.id,
                address: client.address, detail: reuse.description))
        return reuse
    }
}

/// A session that ended because somebody has a copy of its tokens.
public struct Reuse: Equatable, Sendable, CustomStringConvertible {
    /// The session that has ended.
    public let sessionID: Session.ID
    /// The generation that was presented.
    public let presented: Int64
    /// The newest generation then.
    public let newest: Int64
    /// Who presented it.
    public let client: Client
    /// Who had the newest generation, as far as is known.
    public let lastClient: Client

    /// In words, without the presenter's address.
    public var description: String {
        "generation \(presented) presented, newest \(newest), last from \(lastClient.address)"
    }
}

/// Somebody who is signed in.
public struct Caller: Sendable {
    /// The account, as it is now.
    public let account: Account
    /// The session that the access token names.
    public let sessionID: Session.ID
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

extension Presenter {
    fileprivate var retryKey: String? {
        switch self {
        case .browser: nil
        case .program(let retryKey): retryKey
        }
    }
}
