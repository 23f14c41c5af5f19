import Identity
import Testing

struct AdministrationTests {
    @Test func `a former administrator cannot change anything`() async throws {
        let rules = try Rules()
        try await rules.addJohn(role: .admin)
        let mary = try await rules.accounts.add(
            email: "mary@example.com", password: Rules.password, by: .stranger, now: .start)
        let john = try await rules.signInJohn()

        try await rules.accounts.setRole(
            .user, of: john.account.email, by: .operator, now: .start)
        await #expect(throws: AuthError.insufficientRole) {
            try await rules.promote(mary, by: john)
        }
        try await rules.accounts.setRole(
            .admin, of: john.account.email, by: .operator, now: .start)
        try await rules.accounts.setDisabled(
            true, of: john.account.email, by: .operator, now: .start)
        await #expect(throws: AuthError.insufficientRole) {
            try await rules.promote(mary, by: john)
        }
        #expect(try await rules.accounts.find(email: mary.email).role == .user)

        try await rules.accounts.setDisabled(
            false, of: john.account.email, by: .operator, now: .start)
        try await rules.promote(mary, by: john)
        #expect(try await rules.accounts.find(email: mary.email).role == .admin)
    }
}

extension Rules {
    fileprivate func promote(_ account: Account, by caller: Caller) async throws {
        try await accounts.change(
            account.id, role: .admin, isDisabled: nil, by: caller,
            from: Client(address: "192.0.2.7", device: ""), at: .start)
    }
}
