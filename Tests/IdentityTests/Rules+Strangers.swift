import Identity

// What most tests do not care about: who asks, and from where.
extension Sessions {
    func logIn(username: String, password: String, at now: Timestamp) async throws -> IssuedTokens {
        let outcome = try await logIn(
            username: username, password: password, devices: [], from: .somewhere, at: now)
        switch outcome {
        case .signedIn(let tokens, _): return tokens
        }
    }

    func resume(accessToken: String, at now: Timestamp) async throws -> Caller {
        try await resume(accessToken: accessToken, from: .somewhere, at: now)
    }

    func refresh(
        refreshToken: String, by refreshClient: RefreshClient = .program(retryKey: nil),
        at now: Timestamp
    ) async throws -> IssuedTokens {
        try await refresh(refreshToken: refreshToken, by: refreshClient, from: .somewhere, at: now)
    }

    func logOut(_ caller: Caller, at now: Timestamp) async throws {
        try await logOut(caller, from: .somewhere, at: now)
    }
}

extension Client {
    static let somewhere = Client(address: "192.0.2.1", device: "Firefox on Linux")
}

extension Session {
    /// A session that began at the start and lives for 180 seconds.
    static func sample(generation: Int64 = 0) -> Session {
        var family = RefreshTokenFamily(startedAt: .start)
        family.generation = generation
        return Session(
            id: 5, accountID: 1, startedAt: .start, expiresAt: .start + 180, family: family,
            seenAt: .start, client: .somewhere)
    }
}
