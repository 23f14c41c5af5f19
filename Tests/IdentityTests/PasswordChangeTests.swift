import Cryptography
import Identity
import SQLiteStore
import Testing

struct PasswordChangeTests {
    private static let new = "N3wPassword!"

    @Test func `only the new password is accepted after a change`() async throws {
        let rules = try Rules()
        try await rules.addJohn()
        let caller = try await rules.signInJohn()

        try await rules.changePassword(of: caller, to: Self.new)

        await #expect(throws: AuthError.wrongCredentials) { try await rules.logInJohn() }
        _ = try await rules.sessions.logIn(
            username: "john@example.com", password: Self.new, at: .start)
    }

    @Test func `a password change begins a session and ends all others, the caller's included`()
        async throws
    {
        let rules = try Rules()
        try await rules.addJohn()
        let other = try await rules.logInJohn()
        let own = try await rules.logInJohn()
        let caller = try await rules.sessions.resume(accessToken: own.accessToken, at: .start)

        let new = try await rules.changePassword(of: caller, to: Self.new)

        let next = try await rules.sessions.resume(accessToken: new.accessToken, at: .start)
        #expect(next.sessionID != caller.sessionID)
        #expect(
            try await rules.accounts.sessions(of: 1, at: .start).map(\.id) == [next.sessionID])
        let events = try await rules.accounts.events(Event.Filter(limit: 4))
        #expect(
            events.map(\.kind) == [.passwordChanged, .login, .sessionEnded, .sessionEnded])
        #expect(events[0].sessionID == caller.sessionID)
        #expect(events[1].sessionID == next.sessionID)
        _ = try await rules.sessions.refresh(refreshToken: new.refreshToken, at: .start)
        for old in [other, own] {
            await #expect(throws: AuthError.invalidAccessToken) {
                try await rules.sessions.resume(accessToken: old.accessToken, at: .start)
            }
            await #expect(throws: AuthError.refreshTokenRevoked) {
                try await rules.sessions.refresh(refreshToken: old.refreshToken, at: .start)
            }
        }
    }

    @Test func `a wrong current password changes nothing`() async throws {
        let rules = try Rules()
        try await rules.addJohn()
        let caller = try await rules.signInJohn()
        let other = try await rules.logInJohn()

        await #expect(throws: AuthError.wrongPassword) {
            try await rules.changePassword(of: caller, from: "wrong", to: Self.new)
        }

        _ = try await rules.logInJohn()
        _ = try await rules.sessions.resume(accessToken: other.accessToken, at: .start)
    }

    @Test func `every violation of the new password is reported and costs no guess`()
        async throws
    {
        let rules = try Rules()
        try await rules.addJohn()
        let caller = try await rules.signInJohn()

        for _ in 0..<20 {
            await #expect(
                throws: AuthError.invalid([
                    .passwordTooShort(minimum: 8), .passwordNotMixed, .passwordUnchanged,
                ])
            ) { try await rules.changePassword(of: caller, from: "short", to: "short") }
        }

        try await rules.changePassword(of: caller, to: Self.new)
    }

    @Test func `the new password must differ from the current one`() async throws {
        let rules = try Rules()
        try await rules.addJohn()
        let caller = try await rules.signInJohn()

        await #expect(
            throws: AuthError.invalid([.passwordUnchanged])
        ) { try await rules.changePassword(of: caller, to: Rules.password) }
    }

    @Test
    func `an account that was logged out, disabled or removed in the meantime changes nothing`()
        async throws
    {
        let email = "john@example.com"
        let ends: [@Sendable (Rules, Caller) async throws -> Void] = [
            { try await $0.sessions.logOut($1, at: .start) },
            { rules, _ in
                try await rules.accounts.setDisabled(true, of: email, by: .operator, now: .start)
                try await rules.accounts.setDisabled(false, of: email, by: .operator, now: .start)
            },
            { rules, _ in
                try await rules.accounts.remove(email: email, by: .operator, now: .start)
                try await rules.addJohn()
            },
        ]
        for end in ends {
            let rules = try Rules()
            try await rules.addJohn()
            let caller = try await rules.signInJohn()
            try await end(rules, caller)

            await #expect(throws: AuthError.invalidAccessToken) {
                try await rules.changePassword(of: caller, to: Self.new)
            }
            _ = try await rules.logInJohn()
        }
    }

    @Test func `of two changes at once, one succeeds and ends both sessions`() async throws {
        let rules = try Rules()
        try await rules.addJohn()
        let callers = [try await rules.signInJohn(), try await rules.signInJohn()]

        let wins = await withTaskGroup(of: Bool.self) { group in
            for (index, caller) in callers.enumerated() {
                group.addTask {
                    let change = try? await rules.changePassword(
                        of: caller, to: Self.new + "\(index)")
                    return change != nil
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }

        #expect(wins == 1)
        #expect(try await rules.accounts.sessions(of: 1, at: .start).count == 1)
    }

    @Test func `a hash that a login strengthens in the meantime is not a wrong password`()
        async throws
    {
        let weak = try Rules(scheme: .bcrypt(cost: 4))
        try await weak.addJohn()
        let hash = try #require(try await weak.store.read { try $0.passwordHash(of: 1) })
        let rules = try Rules(scheme: .bcrypt(cost: 5))
        try await rules.addJohn()
        let caller = try await rules.signInJohn()
        try await rules.store.write { try $0.setPasswordHash(hash, of: 1) }

        await withTaskGroup(of: Void.self) { group in
            group.addTask { _ = try? await rules.logInJohn() }
            group.addTask {
                await #expect(throws: Never.self) {
                    try await rules.changePassword(of: caller, to: Self.new)
                }
            }
        }

        _ = try await rules.sessions.logIn(
            username: "john@example.com", password: Self.new, at: .start)
    }

    @Test func `guesses at the current password are throttled by session, from any network`()
        async throws
    {
        let rules = try Rules()
        try await rules.addJohn()
        let thief = try await rules.signInJohn()
        let owner = try await rules.signInJohn()
        for number in 0..<10 {
            await #expect(throws: AuthError.wrongPassword) {
                try await rules.sessions.changePassword(
                    of: thief, from: "wrong", to: Self.new, from: .at("198.51.100.\(number)"),
                    at: .start)
            }
        }

        await #expect(throws: AuthError.throttled(seconds: 1)) {
            try await rules.sessions.changePassword(
                of: thief, from: Rules.password, to: Self.new, from: .at("198.51.100.99"),
                at: .start)
        }

        try await rules.changePassword(of: owner, to: Self.new)
    }

    @Test func `guesses at the current password count for the IPv6 networks around the client`()
        async throws
    {
        let rules = try Rules()
        try await rules.addJohn()
        // Each session has ten free failures, and a network of 56 bits 150.
        for number in 0..<15 {
            let thief = try await rules.signInJohn()
            for _ in 0..<10 {
                await #expect(throws: AuthError.wrongPassword) {
                    try await rules.sessions.changePassword(
                        of: thief, from: "wrong", to: Self.new,
                        from: .at("2001:db8:0:\(number)::1"), at: .start)
                }
            }
        }

        #expect(
            try await rules.guess(as: "mary@example.com", from: "2001:db8:0:ff::1", at: .start)
                == .throttled(seconds: 1))
    }
}

extension Rules {
    func signInJohn(at now: Timestamp = .start) async throws -> Caller {
        let tokens = try await logInJohn(at: now)
        return try await sessions.resume(accessToken: tokens.accessToken, at: now)
    }

    @discardableResult
    fileprivate func changePassword(
        of caller: Caller, from current: String = Rules.password, to new: String
    ) async throws -> IssuedTokens {
        try await sessions.changePassword(
            of: caller, from: current, to: new, from: .somewhere, at: .start)
    }
}
