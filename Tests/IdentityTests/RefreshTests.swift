import SQLiteStore
import Testing
import Threads

@testable import Identity

struct RefreshTests {
    @Test func `a refresh returns new tokens, and the old refresh token is no longer accepted`()
        async throws
    {
        let rules = try Rules()
        try await rules.addJohn()
        let first = try await rules.logInJohn()

        let second = try await rules.sessions.refresh(refreshToken: first.refreshToken, at: .start)
        let third = try await rules.sessions.refresh(refreshToken: second.refreshToken, at: .start)

        #expect(Set([first, second, third].map(\.refreshToken)).count == 3)
        _ = try await rules.sessions.resume(accessToken: third.accessToken, at: .start)
    }

    @Test func `reuse ends the session for thief and owner, and no other session`() async throws {
        let rules = try Rules()
        try await rules.addJohn()
        let stolen = try await rules.logInJohn()
        let elsewhere = try await rules.logInJohn()
        let current = try await rules.sessions.refresh(
            refreshToken: stolen.refreshToken, at: .start)

        await #expect(throws: AuthError.refreshTokenRevoked) {
            try await rules.sessions.refresh(refreshToken: stolen.refreshToken, at: .start + 1)
        }

        await #expect(throws: AuthError.refreshTokenRevoked) {
            try await rules.sessions.refresh(refreshToken: current.refreshToken, at: .start + 1)
        }
        await #expect(throws: AuthError.invalidAccessToken) {
            try await rules.sessions.resume(accessToken: current.accessToken, at: .start + 1)
        }
        _ = try await rules.sessions.refresh(refreshToken: elsewhere.refreshToken, at: .start + 1)
    }

    @Test func `rotation never extends a session`() async throws {
        let rules = try Rules()
        try await rules.addJohn()
        var tokens = try await rules.logInJohn()

        for second in stride(from: Int64(30), to: 180, by: 30) {
            tokens = try await rules.sessions.refresh(
                refreshToken: tokens.refreshToken, at: .start + second)
            #expect(tokens.refreshMaxAge == 180 - second)
        }

        let last = tokens
        await #expect(throws: AuthError.invalidRefreshToken) {
            try await rules.sessions.refresh(refreshToken: last.refreshToken, at: .start + 180)
        }
    }

    @Test func `an access token is accepted until the second in which it expires`() async throws {
        let rules = try Rules()
        try await rules.addJohn()
        let tokens = try await rules.logInJohn()

        _ = try await rules.sessions.resume(accessToken: tokens.accessToken, at: .start + 59)

        await #expect(throws: AuthError.expiredAccessToken) {
            try await rules.sessions.resume(accessToken: tokens.accessToken, at: .start + 60)
        }
    }

    @Test func `an expired access token of an ended session is invalid`() async throws {
        let rules = try Rules()
        try await rules.addJohn()
        let tokens = try await rules.logInJohn()
        let caller = try await rules.sessions.resume(accessToken: tokens.accessToken, at: .start)
        try await rules.accounts.endSession(
            caller.sessionID, of: nil, by: .operator, from: nil, at: .start)

        await #expect(throws: AuthError.invalidAccessToken) {
            try await rules.sessions.resume(accessToken: tokens.accessToken, at: .start + 60)
        }
    }

    @Test func `of many refreshes at once with one token, one succeeds and the reuse is noticed`()
        async throws
    {
        let rules = try Rules()
        try await rules.addJohn()
        let tokens = try await rules.logInJohn()

        let wins = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    let next = try? await rules.sessions.refresh(
                        refreshToken: tokens.refreshToken, at: .start)
                    return next != nil
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }

        #expect(wins == 1)
        await #expect(throws: AuthError.invalidAccessToken) {
            try await rules.sessions.resume(accessToken: tokens.accessToken, at: .start)
        }
    }

    @Test func `a role with more rights is in the next access token`() async throws {
        let rules = try Rules()
        try await rules.addJohn()
        let tokens = try await rules.logInJohn()

        try await rules.accounts.setRole(
            .admin, of: "john@example.com", by: .operator, now: .start)

        let next = try await rules.sessions.refresh(refreshToken: tokens.refreshToken, at: .start)
        let caller = try await rules.sessions.resume(accessToken: next.accessToken, at: .start)
        #expect(caller.account.role == .admin)
    }

    @Test func `losing rights ends the account's sessions`() async throws {
        let rules = try Rules()
        try await rules.addJohn(role: .admin)
        let tokens = try await rules.logInJohn()

        try await rules.accounts.setRole(.user, of: "john@example.com", by: .operator, now: .start)

        await #expect(throws: AuthError.invalidAccessToken) {
            try await rules.sessions.resume(accessToken: tokens.accessToken, at: .start)
        }
        await #expect(throws: AuthError.refreshTokenRevoked) {
            try await rules.sessions.refresh(refreshToken: tokens.refreshToken, at: .start)
        }
    }

    @Test func `the purge deletes expired sessions and no live ones`() async throws {
        let rules = try Rules(randomID: counter())
        try await rules.addJohn()
        _ = try await rules.logInJohn()

        _ = try await rules.logInJohn(at: .start + 200)
        try await rules.purge(at: .start + 200)

        #expect(try await rules.store.read { try $0.session(id: 1) } == nil)
        #expect(try await rules.store.read { try $0.session(id: 2) } != nil)
    }
}

/// Draws one number after the other, from 1.
private func counter() -> @Sendable () -> Session.ID {
    let count = Guarded<Session.ID>(0)
    return {
        count.withLock { count in
            count += 1
            return count
        }
    }
}
