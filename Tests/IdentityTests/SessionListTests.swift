import Identity
import SQLiteStore
import Testing

/// Sessions as people see and end them.
struct SessionListTests {
    @Test func `an account's live sessions are listed newest first, with their clients`()
        async throws
    {
        let rules = try Rules()
        try await rules.addJohn()
        try await rules.accounts.add(
            email: "ann@example.com", password: Rules.password, by: .stranger, now: .start)
        for (second, address) in [(0, "192.0.2.1"), (1, "192.0.2.2"), (2, "192.0.2.3")] {
            _ = try await rules.guess(
                Rules.password, from: address, at: .start + Int64(second))
        }
        _ = try await rules.guess(Rules.password, as: "ann@example.com", at: .start)

        let sessions = try await rules.accounts.sessions(of: 1, at: .start + 180)

        #expect(sessions.map(\.client.address) == ["192.0.2.3", "192.0.2.2"])
    }

    @Test func `an owner can end a session once, and no one else's session`() async throws {
        let rules = try Rules()
        try await rules.addJohn()
        try await rules.accounts.add(
            email: "ann@example.com", password: Rules.password, by: .stranger, now: .start)
        let id = try await rules.signInJohn().sessionID
        let other = try await rules.signInJohn().sessionID

        await #expect(throws: AuthError.sessionNotFound) {
            try await rules.accounts.endSession(
                id, of: 2, by: .owner, from: .somewhere, at: .start)
        }
        try await rules.accounts.endSession(id, of: 1, by: .owner, from: .somewhere, at: .start)
        await #expect(throws: AuthError.sessionNotFound) {
            try await rules.accounts.endSession(
                id, of: 1, by: .owner, from: .somewhere, at: .start)
        }
        await #expect(throws: AuthError.sessionNotFound) {
            try await rules.accounts.endSession(
                other, of: 1, by: .owner, from: .somewhere, at: .start + 180)
        }
        try await rules.accounts.endSession(other, of: nil, by: .operator, from: nil, at: .start)

        #expect(try await rules.accounts.sessions(of: 1, at: .start).isEmpty)
        #expect(try await rules.kinds(of: id) == [.login, .sessionEnded])
        #expect(try await rules.kinds(of: other) == [.login, .sessionEnded])
    }

    @Test func `logging out everywhere ends all sessions of the account and no other's`()
        async throws
    {
        let rules = try Rules()
        try await rules.addJohn()
        try await rules.accounts.add(
            email: "ann@example.com", password: Rules.password, by: .stranger, now: .start)
        _ = try await rules.guess(Rules.password, as: "ann@example.com", at: .start)
        let other = try await rules.signInJohn()
        let caller = try await rules.signInJohn()

        try await rules.sessions.logOut(caller, everywhere: true, from: .somewhere, at: .start)

        #expect(try await rules.accounts.sessions(of: 1, at: .start).isEmpty)
        #expect(try await rules.accounts.sessions(of: 2, at: .start).count == 1)
        #expect(try await rules.kinds(of: caller.sessionID) == [.login, .logout])
        let events = try await rules.accounts.events(
            Event.Filter(session: other.sessionID, limit: 100))
        #expect(events.map(\.kind) == [.login, .sessionEnded])
        #expect(events.last?.actor == .owner)
        #expect(events.last?.detail == "logout in session \(caller.sessionID)")
    }

    @Test func `only one of several logouts at once is recorded`() async throws {
        let rules = try Rules()
        try await rules.addJohn()
        let tokens = try await rules.logInJohn()
        let caller = try await rules.sessions.resume(accessToken: tokens.accessToken, at: .start)

        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<8 {
                group.addTask {
                    number % 2 == 0
                        ? try await rules.sessions.logOut(caller, at: .start)
                        : try await rules.sessions.logOut(
                            refreshTokens: [tokens.refreshToken], from: .somewhere, at: .start)
                }
            }
            try await group.waitForAll()
        }

        #expect(try await rules.kinds(of: caller.sessionID) == [.login, .logout])
    }

    @Test func `a session that reuse has ended is not logged out again`() async throws {
        let rules = try Rules()
        try await rules.addJohn()
        let stolen = try await rules.logInJohn()
        let caller = try await rules.sessions.resume(accessToken: stolen.accessToken, at: .start)
        let next = try await rules.sessions.refresh(refreshToken: stolen.refreshToken, at: .start)
        _ = try? await rules.sessions.refresh(refreshToken: stolen.refreshToken, at: .start)

        try await rules.sessions.logOut(caller, at: .start)
        try await rules.sessions.logOut(
            refreshTokens: [next.refreshToken], from: .somewhere, at: .start)

        #expect(try await rules.kinds(of: caller.sessionID) == [.login, .refresh, .reuse])
    }

    @Test func `a refresh token of any generation logs out`() async throws {
        let rules = try Rules()
        try await rules.addJohn()
        let old = try await rules.logInJohn()
        let new = try await rules.sessions.refresh(refreshToken: old.refreshToken, at: .start)

        try await rules.sessions.logOut(
            refreshTokens: [old.refreshToken], from: .somewhere, at: .start)

        await #expect(throws: AuthError.invalidAccessToken) {
            try await rules.sessions.resume(accessToken: new.accessToken, at: .start)
        }
        await #expect(throws: AuthError.refreshTokenRevoked) {
            try await rules.sessions.refresh(refreshToken: new.refreshToken, at: .start)
        }
    }

    @Test func `a refresh token that names no session of its account logs no one out`()
        async throws
    {
        // A number is drawn again only after its session is gone.
        let rules = try Rules(randomID: { 7 })
        try await rules.addJohn()
        let tokens = try await rules.logInJohn()
        try await rules.accounts.remove(
            email: "john@example.com", by: .operator, now: .start)
        try await rules.sessions.logOut(
            refreshTokens: [tokens.refreshToken], from: .somewhere, at: .start)
        try await rules.addJohn()
        _ = try await rules.logInJohn()

        try await rules.sessions.logOut(
            refreshTokens: [tokens.refreshToken], from: .somewhere, at: .start)

        #expect(
            try await rules.kinds(of: 7) == [.login, .sessionEnded, .login])
        #expect(try await rules.accounts.sessions(of: 2, at: .start).count == 1)
        await #expect(throws: AuthError.invalidRefreshToken) {
            try await rules.sessions.logOut(
                refreshTokens: [tokens.refreshToken + "x"], from: .somewhere, at: .start)
        }
    }

    @Test func `a login beyond the limit ends the oldest session and records why`() async throws {
        let rules = try Rules()
        try await rules.addJohn()
        let sessions = Sessions(
            store: rules.store, tokens: rules.tokens, passwords: rules.passwords,
            maximumPerAccount: 3)
        var logins: [IssuedTokens] = []
        for second in 0..<5 as Range<Int64> {
            logins.append(
                try await sessions.logIn(
                    username: "john@example.com", password: Rules.password, at: .start + second))
        }

        for login in logins[..<2] {
            await #expect(throws: AuthError.invalidAccessToken) {
                try await sessions.resume(accessToken: login.accessToken, at: .start + 5)
            }
        }
        for login in logins[2...] {
            _ = try await sessions.resume(accessToken: login.accessToken, at: .start + 5)
        }
        let ends = try await rules.accounts.events(
            Event.Filter(kinds: [.sessionEnded], limit: 100))
        #expect(ends.map(\.detail) == ["more than 3 sessions", "more than 3 sessions"])
        #expect(ends.allSatisfy { $0.actor == .gatehouse })
    }

    @Test func `an account is found by its address in any case`() async throws {
        let rules = try Rules()
        try await rules.addJohn()

        #expect(try await rules.accounts.find(email: "JOHN@example.com").id == 1)
        await #expect(throws: AuthError.accountNotFound) {
            try await rules.accounts.find(email: "nobody@example.com")
        }
    }
}
