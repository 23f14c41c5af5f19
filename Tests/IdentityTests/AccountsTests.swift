import Identity
import Testing

struct AccountsTests {
    @Test func `an address is accepted in any case`() async throws {
        let rules = try Rules()
        try await rules.addJohn()

        await #expect(throws: AuthError.emailTaken) {
            try await rules.accounts.add(
                email: "John@EXAMPLE.com", password: Rules.password, by: .stranger, now: .start)
        }
    }

    @Test func `of two signups at once with one address, one succeeds`() async throws {
        let rules = try Rules()

        let wins = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let added = try? await rules.accounts.add(
                        email: "race@example.com", password: Rules.password, by: .stranger,
                        now: .start)
                    return added != nil
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }

        #expect(wins == 1)
        #expect(try await rules.accounts.list().count == 1)
    }

    @Test func `every violation is reported, and no account is added`() async throws {
        let rules = try Rules()

        await #expect(
            throws: AuthError.invalid([
                .topLevelDomainNotAccepted, .passwordTooLongForHash(maximumBytes: 72),
            ])
        ) {
            try await rules.accounts.add(
                email: "a@b.dev", password: "Pa1!" + String(repeating: "é", count: 40),
                by: .stranger, now: .start)
        }
        #expect(try await rules.accounts.list().isEmpty)
    }

    @Test func `a password with NUL is refused, because the hash would ignore the rest`()
        async throws
    {
        let rules = try Rules()

        #expect(
            rules.accounts.violations(ofPassword: "Passw0rd!\0A")
                == [.passwordContainsNUL])
    }

    @Test func `changes to an unknown account are refused`() async throws {
        let rules = try Rules()
        let email = "nobody@example.com"

        await #expect(throws: AuthError.accountNotFound) {
            try await rules.accounts.setRole(.admin, of: email, by: .operator, now: .start)
        }
        await #expect(throws: AuthError.accountNotFound) {
            try await rules.accounts.setPassword(
                Rules.password, of: email, by: .operator, now: .start)
        }
        await #expect(throws: AuthError.accountNotFound) {
            try await rules.accounts.setDisabled(true, of: email, by: .operator, now: .start)
        }
        await #expect(throws: AuthError.accountNotFound) {
            try await rules.accounts.remove(email: email, by: .operator, now: .start)
        }
    }
}
