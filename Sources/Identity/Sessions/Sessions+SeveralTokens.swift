// These functions handle requests with several tokens of one type. Another program on the same
// domain may have set a cookie with the same name as Gatehouse's, and a server cannot tell from the
// order of the cookies which one is its own (RFC 6265, sections 4.2.2 and 8.6). The first good
// token counts. A bad token of the same account ends no session.
extension Sessions {
    /// Returns the caller that the first good token in a list of access tokens identifies.
    ///
    /// - Throws: `AuthError.expiredAccessToken` if no token is good and at least one is valid
    ///   except that it has expired; `accountNotFound` if the account of at least one token was
    ///   removed; otherwise `invalidAccessToken`.
    public func resume(
        accessTokens: [String], from client: Client, at now: Timestamp
    ) async throws -> Caller {
        var caller: Caller?
        var refused: [(token: String, error: AuthError)] = []
        for token in accessTokens where caller == nil {
            do {
                caller = try await resume(
                    accessToken: token, isOnlyToken: false, from: client, at: now)
            } catch let error as AuthError {
                refused.append((token, error))
            }
        }
        // Judge each refused token as if it had come alone, so that a token that no honest client
        // can have ends its session. Leave out the tokens of the account that has a good token: a
        // client that has the good token gains nothing with an older token.
        for (token, _) in refused {
            do {
                if let caller, try tokens.accessClaims(in: token).accountID == caller.account.id {
                    continue
                }
                _ = try await resume(accessToken: token, from: client, at: now)
            } catch is AuthError {}
        }
        if let caller { return caller }
        let errors = refused.map(\.error)
        throw [AuthError.expiredAccessToken, .accountNotFound].first(where: errors.contains)
            ?? AuthError.invalidAccessToken
    }

    /// Returns the callers that the good tokens in a list of access tokens identify.
    public func callers(
        of accessTokens: [String], from client: Client, at now: Timestamp
    ) async throws -> [Caller] {
        var callers: [Caller] = []
        for token in accessTokens {
            do {
                callers.append(
                    try await resume(
                        accessToken: token, isOnlyToken: false, from: client, at: now))
            } catch is AuthError {}
        }
        return callers
    }

    /// A refresh token that was presented, and what it contains.
    private struct Presented: Sendable {
        let token: String
        let claims: Claims
        let retryKey: Int64?
    }

    /// Exchanges the first good token in a list of refresh tokens.
    ///
    /// A token that no honest client can present does not end its session if the list also contains
    /// a good token of the same account.
    ///
    /// - Returns: The token that was exchanged, and the tokens that were issued for it.
    /// - Throws: `AuthError.invalidRefreshToken` or `refreshTokenRevoked` if no token is good.
    public func refresh(
        refreshTokens: [String], by refreshClient: RefreshClient, from client: Client,
        at now: Timestamp
    ) async throws -> (presented: String, issued: IssuedTokens) {
        let presented = try newestOfEachSession(in: refreshTokens, by: refreshClient, at: now)
        typealias Good = (token: String, session: Session, account: Account)
        let (good, reuses) = try await store.write { rows -> (Good?, [Reuse]) in
            var good: Good?
            var refused: [Presented] = []
            for candidate in presented where good == nil {
                let outcome = try rotate(
                    candidate.claims, by: refreshClient, retryKey: candidate.retryKey,
                    endsReused: false, from: client, at: now, in: rows)
                switch outcome {
                case .live(let session, let account): good = (candidate.token, session, account)
                case .refused: refused.append(candidate)
                case .reused, .ended: break
                }
            }
            var reuses: [Reuse] = []
            for candidate in refused where candidate.claims.accountID != good?.account.id {
                let outcome = try rotate(
                    candidate.claims, by: refreshClient, retryKey: candidate.retryKey,
                    from: client, at: now, in: rows)
                if case .reused(let reuse) = outcome { reuses.append(reuse) }
            }
            return (good, reuses)
        }
        reuses.forEach(onReuse)
        guard let (token, session, account) = good else { throw AuthError.refreshTokenRevoked }
        return (token, try tokens.issue(for: session, of: account, at: now))
    }

    /// Returns the good tokens, but for each session only the token of the newest generation.
    ///
    /// A client that has the newer of two tokens of a session does not need the older one. If the
    /// older token were judged, it could end the session, although the newer token is good.
    ///
    /// - Throws: The error of the first token if no token is good.
    private func newestOfEachSession(
        in refreshTokens: [String], by refreshClient: RefreshClient, at now: Timestamp
    ) throws -> [Presented] {
        var presented: [Presented] = []
        var firstError: AuthError?
        for token in refreshTokens {
            do {
                let (claims, key) = try tokens.refreshClaims(in: token, at: now)
                let candidate = Presented(
                    token: token, claims: claims,
                    retryKey: try refreshClient.retryKey.map(key.retryKey))
                let known = presented.firstIndex { $0.claims.sessionID == claims.sessionID }
                if let known {
                    guard presented[known].claims.generation < claims.generation else { continue }
                    presented[known] = candidate
                } else {
                    presented.append(candidate)
                }
            } catch let error as AuthError {
                firstError = firstError ?? error
            }
        }
        guard !presented.isEmpty else { throw firstError ?? .invalidRefreshToken }
        return presented
    }
}
