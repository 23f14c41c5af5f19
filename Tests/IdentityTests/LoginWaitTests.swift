import Identity
import Testing

struct LoginWaitTests {
    private func wait(
        _ rules: Rules, _ name: String = "john@example.com", from address: String = "192.0.2.1"
    ) async throws -> Sessions.LoginWait? {
        try await rules.sessions.loginWait(as: name, from: address, at: .start)
    }

    @Test func `no login waits before a failure, nor after a free one`() async throws {
        let rules = try Rules()
        try await rules.addJohn()
        #expect(try await wait(rules) == nil)
        try await rules.guessWrong(9, at: .start)

        #expect(try await wait(rules) == nil)
    }

    @Test func `failures at one network make the login from there wait`() async throws {
        let rules = try Rules()
        try await rules.addJohn()
        try await rules.guessWrong(10, at: .start)

        let found = try #require(try await wait(rules, "JOHN@example.com"))
        #expect(found.cause == .accountAndNetwork)
        #expect((found.network, found.failures, found.seconds) == ("192.0.2.1", 10, 1))
        #expect(try await wait(rules, from: "192.0.2.2") == nil)
        #expect(try await wait(rules, "mary@example.com") == nil)
    }

    @Test func `failures at many networks make a login from an unknown one wait`() async throws {
        let rules = try Rules()
        try await rules.addJohn()
        try await rules.guessWrong(100, from: { "198.51.100.\($0 + 1)" }, at: .start)

        let found = try #require(try await wait(rules, from: ""))
        #expect(found.cause == .account)
        #expect(found.failures == 100)
    }

    @Test func `failures at many accounts make every login from their network wait`() async throws {
        let rules = try Rules()
        try await rules.addJohn()
        for number in 0..<100 {
            try await rules.guessWrong(1, as: "a\(number)@example.com", at: .start)
        }

        let found = try #require(try await wait(rules))
        #expect(found.cause == .network)
        #expect((found.network, found.failures) == ("192.0.2.1", 100))
    }

    @Test func `asking changes nothing`() async throws {
        let rules = try Rules()
        try await rules.addJohn()
        try await rules.guessWrong(10, at: .start)
        let first = try await wait(rules)

        #expect(try await wait(rules) == first)
        #expect(try await rules.guess(Rules.password, at: .start + 1) == .right)
    }
}
