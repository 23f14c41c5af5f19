import Cryptography
import Identity
import SQLiteStore
import Testing
import Threads

struct SessionsTests {
    @Test func `a login returns two tokens that identify the account`() async throws {
        let rules = try Rules()
        try await rules.addJohn(role: .admin)

        let tokens = try await rules.logInJohn()
        let caller = try await rules.sessions.resume(
            accessToken: tokens.accessToken, at: .start + 59)

        #expect(caller.account.email == "john@example.com")
        #expect(caller.account.role == .admin)
        #expect(tokens.accessMaxAge == 60)
        #expect(tokens.refreshMaxAge == 180)
    }

    @Test func `the username is matched without regard to case and trailing spaces`()
        async throws
    {
        let rules = try Rules()
        try await rules.addJohn()

        let tokens = try await rules.sessions.logIn(
            username: "JOHN@Example.com  ", password: Rules.password, at: .start)

        #expect(!tokens.accessToken.isEmpty)
    }

    @Test(arguments: [
        ("john@example.com", "wrong"), ("nobody@example.com", Rules.password),
        (" john@example.com", Rules.password), ("", ""),
    ])
    func `wrong credentials are refused alike`(username: String, password: String) async throws {
        let rules = try Rules()
        try await rules.addJohn()

        await #expect(throws: AuthError.wrongCredentials) {
            try await rules.sessions.logIn(username: username, password: password, at: .start)
        }
    }

    @Test func `a disabled account cannot log in`() async throws {
        let rules = try Rules()
        try await rules.addJohn()
        try await rules.accounts.setDisabled(
            true, of: "john@example.com", by: .operator, now: .start)

        await #expect(throws: AuthError.wrongCredentials) { try await rules.logInJohn() }
    }

    @Test func `each login begins a separate session`() async throws {
        let rules = try Rules()
        try await rules.addJohn()
        let first = try await rules.logInJohn()
        let second = try await rules.logInJohn()
        #expect(first.refreshToken != second.refreshToken)
        #expect(first.accessToken != second.accessToken)

        let caller = try await rules.sessions.resume(accessToken: first.accessToken, at: .start)
        try await rules.sessions.logOut(caller, at: .start)

        await #expect(throws: AuthError.invalidAccessToken) {
            try await rules.sessions.resume(accessToken: first.accessToken, at: .start)
        }
        _ = try await rules.sessions.resume(accessToken: second.accessToken, at: .start)
    }

    @Test func `a session number that is taken is drawn again`() async throws {
        let draws = Draws([7, 7, 8])
        let rules = try Rules(randomID: { draws.next() })
        try await rules.addJohn()

        let first = try await rules.logInJohn()
        let second = try await rules.logInJohn()

        #expect(first.refreshToken != second.refreshToken)
    }

    @Test func `logging out ends both kinds of token at once`() async throws {
        let rules = try Rules()
        try await rules.addJohn()
        let tokens = try await rules.logInJohn()
        let caller = try await rules.sessions.resume(accessToken: tokens.accessToken, at: .start)

        try await rules.sessions.logOut(caller, at: .start)

        await #expect(throws: AuthError.invalidAccessToken) {
            try await rules.sessions.resume(accessToken: tokens.accessToken, at: .start)
        }
        await #expect(throws: AuthError.refreshTokenRevoked) {
            try await rules.sessions.refresh(refreshToken: tokens.refreshToken, at: .start)
        }
    }

    @Test func `removing, disabling and a new password end sessions at once`() async throws {
        let rules = try Rules()
        let changes: [@Sendable (Accounts) async throws -> Void] = [
            { try await $0.setDisabled(true, of: "john@example.com", by: .operator, now: .start) },
            {
                try await $0.setPassword(
                    "N3wPassword!", of: "john@example.com", by: .operator, now: .start)
            },
            { try await $0.remove(email: "john@example.com", by: .operator, now: .start) },
        ]
        for change in changes {
            try? await rules.accounts.remove(email: "john@example.com", by: .operator, now: .start)
            try await rules.addJohn()
            let tokens = try await rules.logInJohn()

            try await change(rules.accounts)

            await #expect(throws: AuthError.self) {
                try await rules.sessions.resume(accessToken: tokens.accessToken, at: .start)
            }
            await #expect(throws: AuthError.refreshTokenRevoked) {
                try await rules.sessions.refresh(refreshToken: tokens.refreshToken, at: .start)
            }
        }
    }

    @Test func `an account that is enabled again has to log in again`() async throws {
        let rules = try Rules()
        try await rules.addJohn()
        let tokens = try await rules.logInJohn()

        try await rules.accounts.setDisabled(
            true, of: "john@example.com", by: .operator, now: .start)
        try await rules.accounts.setDisabled(
            false, of: "john@example.com", by: .operator, now: .start)

        await #expect(throws: AuthError.invalidAccessToken) {
            try await rules.sessions.resume(accessToken: tokens.accessToken, at: .start)
        }
        await #expect(throws: AuthError.refreshTokenRevoked) {
            try await rules.sessions.refresh(refreshToken: tokens.refreshToken, at: .start)
        }
        _ = try await rules.logInJohn()
    }

    @Test func `the token of a removed account is reported as such`() async throws {
        let rules = try Rules()
        try await rules.addJohn()
        let tokens = try await rules.logInJohn()

        try await rules.accounts.remove(email: "john@example.com", by: .operator, now: .start)

        await #expect(throws: AuthError.accountNotFound) {
            try await rules.sessions.resume(accessToken: tokens.accessToken, at: .start)
        }
    }

    @Test func `a hash weaker than the setting is replaced at login`() async throws {
        let weak = try Rules(scheme: .bcrypt(cost: 4))
        try await weak.addJohn()
        let before = try await weak.store.read { try $0.passwordHash(of: 1) }
        let strong = try Rules(scheme: .bcrypt(cost: 5))
        let hash = try #require(before)
        _ = try await strong.store.write {
            try $0.addAccount(
                email: "john@example.com", passwordHash: hash, role: .user, createdAt: .start)
        }

        _ = try await strong.logInJohn()

        let after = try await strong.store.read { try $0.passwordHash(of: 1) }
        #expect(before?.hasPrefix("$2b$04$") == true)
        #expect(after?.hasPrefix("$2b$05$") == true)
        _ = try await strong.logInJohn()
    }

    @Test func `logins at once that find a weak hash all succeed`() async throws {
        let weak = try Rules(scheme: .bcrypt(cost: 4))
        try await weak.addJohn()
        let hash = try #require(try await weak.store.read { try $0.passwordHash(of: 1) })
        let strong = try Rules(scheme: .bcrypt(cost: 5))
        _ = try await strong.store.write {
            try $0.addAccount(
                email: "john@example.com", passwordHash: hash, role: .user, createdAt: .start)
        }

        let logins = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<4 {
                group.addTask { (try? await strong.logInJohn()) != nil }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }

        #expect(logins == 4)
    }
}

/// Numbers in the order in which a test wants them drawn.
private final class Draws: Sendable {
    private let numbers: Guarded<[Int64]>

    init(_ numbers: [Int64]) { self.numbers = Guarded(numbers) }

    func next() -> Int64 { numbers.withLock { $0.removeFirst() } }
}
