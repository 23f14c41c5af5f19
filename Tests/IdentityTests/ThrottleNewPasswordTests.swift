import Cryptography
import Identity
import SQLiteStore
import Testing

/// Failures from before an account had its present password.
struct ThrottleNewPasswordTests {
    private static let new = "N3w!Passw0rd"

    @Test func `a password set by the operator ends the wait for failures of the old one`()
        async throws
    {
        let rules = try Rules()
        try await rules.addJohn()
        try await rules.guessWrong(10, at: .start)
        try await rules.guessWrong(90, from: { "198.51.100.\($0)" }, at: .start)
        try await rules.guessWrong(1, at: .start + 1)
        try await rules.expectWait(at: .start + 2)

        try await rules.accounts.setPassword(
            Self.new, of: "john@example.com", by: .operator, now: .start + 2)

        #expect(try await rules.guess(Self.new, at: .start + 2) == .right)
        try await rules.guessWrong(10, at: .start + 2)
        #expect(try await rules.guess(Self.new, at: .start + 2) == .throttled(seconds: 1))
    }

    @Test func `the owner's change of password ends the waits of all other places`() async throws {
        let rules = try Rules()
        try await rules.addJohn()
        try await rules.guessWrong(10, at: .start)
        try await rules.guessWrong(1, at: .start + 1)
        let caller = try await rules.signIn(from: "203.0.113.1")
        try await rules.expectWait(at: .start + 2)

        _ = try await rules.sessions.changePassword(
            of: caller, from: Rules.password, to: Self.new, from: .at("203.0.113.1"),
            at: .start + 2)

        #expect(try await rules.guess(Self.new, at: .start + 2) == .right)
    }

    @Test func `a new account does not wait for failures at its name`() async throws {
        let rules = try Rules()
        try await rules.guessWrong(10, at: .start)
        try await rules.guessWrong(1, at: .start + 1)
        try await rules.expectWait(at: .start + 2)
        try await rules.accounts.add(
            email: "john@example.com", password: Rules.password, by: .stranger, now: .start + 2)
        #expect(try await rules.guess(Rules.password, at: .start + 2) == .right)

        try await rules.guessWrong(10, at: .start + 3)
        try await rules.guessWrong(1, at: .start + 4)
        try await rules.expectWait(at: .start + 5)
        try await rules.accounts.remove(email: "john@example.com", by: .operator, now: .start + 5)
        try await rules.accounts.add(
            email: "john@example.com", password: Self.new, by: .stranger, now: .start + 5)
        #expect(try await rules.guess(Self.new, at: .start + 5) == .right)
    }

    @Test func `a stronger hash of the same password forgets no failure of others`() async throws {
        let weak = try Rules(scheme: .bcrypt(cost: 4))
        try await weak.addJohn()
        let hash = try await weak.store.read { try $0.passwordHash(of: 1) }
        let rules = try Rules(scheme: .bcrypt(cost: 5))
        try await rules.addJohn()
        let old = try #require(hash)
        try await rules.store.write { try $0.setPasswordHash(old, of: 1) }
        try await rules.guessWrong(10, from: { _ in "203.0.113.1" }, at: .start)

        #expect(try await rules.guess(Rules.password, at: .start + 1) == .right)

        try #require(try await rules.store.read { try $0.passwordHash(of: 1) } != old)
        #expect(try await rules.guess(from: "203.0.113.1", at: .start) == .throttled(seconds: 1))
    }
}

extension Rules {
    /// Expects that eleven failures, the last one a second ago, make the next attempt wait.
    fileprivate func expectWait(
        at now: Timestamp, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        #expect(
            try await guess(Self.password, at: now) == .throttled(seconds: 1),
            sourceLocation: sourceLocation)
    }

    fileprivate func signIn(from address: String) async throws -> Caller {
        let outcome = try await sessions.logIn(
            username: "john@example.com", password: Self.password, devices: [], from: .at(address),
            at: .start)
        switch outcome {
        case .signedIn(let tokens, _):
            return try await sessions.resume(
                accessToken: tokens.accessToken, from: .at(address), at: .start)
        }
    }
}
