import Cryptography
import Identity
import SQLiteStore
import Testing

struct ThrottleTests {
    @Test(arguments: ["john@example.com", "nobody@example.com"])
    func `ten wrong passwords are free, then each makes the next wait twice as long`(
        username: String
    ) async throws {
        let rules = try Rules()
        try await rules.addJohn()
        try await rules.guessWrong(10, as: username, at: .start)

        var now = Timestamp.start
        for wait in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900] as [Int64] {
            let early = try await rules.guess(as: username, at: now)
            #expect(early == .throttled(seconds: wait))
            now = now + wait
            let late = Timestamp(milliseconds: now.milliseconds - 1)
            #expect(try await rules.guess(as: username, at: late) == .throttled(seconds: 1))
            #expect(try await rules.guess(as: username, at: now) == .wrong)
        }
    }

    @Test func `during a wait, a right password is refused like a wrong one`() async throws {
        let rules = try Rules()
        try await rules.addJohn()
        try await rules.guessWrong(10, at: .start)

        #expect(try await rules.guess(Rules.password, at: .start) == .throttled(seconds: 1))
        #expect(try await rules.guess(Rules.password, at: .start + 1) == .right)
    }

    @Test func `failures of a disabled account count like those of any other`() async throws {
        let rules = try Rules()
        try await rules.addJohn()
        try await rules.accounts.setDisabled(
            true, of: "john@example.com", by: .operator, now: .start)

        for _ in 0..<10 { #expect(try await rules.guess(Rules.password, at: .start) == .wrong) }

        #expect(try await rules.guess(Rules.password, at: .start) == .throttled(seconds: 1))
    }

    @Test func `a success forgets the failures and releases its reservation`() async throws {
        let rules = try Rules()
        try await rules.addJohn()
        try await rules.guessWrong(10, at: .start)
        #expect(try await rules.guess(Rules.password, at: .start + 1) == .right)

        try await rules.guessWrong(10, at: .start + 1)

        #expect(try await rules.guess(at: .start + 1) == .throttled(seconds: 1))
    }

    @Test func `all spellings of a name count for the same account`() async throws {
        let rules = try Rules()
        try await rules.addJohn()
        try await rules.guessWrong(5, as: "JOHN@example.com", at: .start)
        try await rules.guessWrong(5, as: "john@EXAMPLE.com  ", at: .start)

        #expect(try await rules.guess(at: .start) == .throttled(seconds: 1))
    }

    @Test func `other accounts and other networks do not wait`() async throws {
        let rules = try Rules()
        try await rules.addJohn()
        try await rules.guessWrong(10, from: { "2001:db8::\($0)" }, at: .start)

        let sameNetwork = "2001:db8:0:0:ffff::1"
        #expect(try await rules.guess(from: sameNetwork, at: .start) == .throttled(seconds: 1))
        #expect(try await rules.guess(from: "2001:db8:0:1::1", at: .start) == .wrong)
        #expect(try await rules.guess(as: "a@b.com", from: sameNetwork, at: .start) == .wrong)
    }

    @Test
    func `many strangers wait a minute at most, and the owner in a known network does not wait`()
        async throws
    {
        let rules = try Rules()
        try await rules.addJohn()
        #expect(try await rules.guess(Rules.password, from: "2001:db8::1", at: .start) == .right)
        try await rules.guessWrong(100, from: { "198.51.100.\($0)" }, at: .start)

        var now = Timestamp.start
        for (number, wait) in ([1, 2, 4, 8, 16, 32, 60, 60, 60] as [Int64]).enumerated() {
            let stranger = "203.0.113.\(number)"
            #expect(try await rules.guess(from: stranger, at: now) == .throttled(seconds: wait))
            now = now + wait
            #expect(try await rules.guess(from: stranger, at: now) == .wrong)
        }
        let home = "2001:db8::abcd"
        try await rules.guessWrong(3, from: { _ in home }, at: now)
        #expect(try await rules.guess(Rules.password, from: home, at: now) == .right)
        let hotel = try await rules.guess(Rules.password, from: "203.0.113.99", at: now)
        #expect(hotel == .throttled(seconds: 60))
        let later = try await rules.guess(Rules.password, from: "203.0.113.99", at: now + 60)
        #expect(later == .right)
    }

    @Test func `a network is known for 30 days after a right password, with or without a session`()
        async throws
    {
        let rules = try Rules()
        try await rules.addJohn()
        let caller = try await rules.signInJohn()
        try await rules.sessions.logOut(caller, at: .start)
        let day: Int64 = 86_400
        try await rules.guessWrong(100, from: { "198.51.100.\($0)" }, at: .start + 29 * day)
        #expect(try await rules.guess(Rules.password, at: .start + 29 * day) == .right)

        try await rules.guessWrong(100, from: { "198.51.100.\($0)" }, at: .start + 59 * day)
        let late = try await rules.guess(Rules.password, at: .start + 59 * day)
        #expect(late == .throttled(seconds: 1))
    }

    @Test func `a refresh with stolen tokens does not make a network known`() async throws {
        let rules = try Rules()
        try await rules.addJohn()
        let stolen = try await rules.logInJohn()
        try await rules.guessWrong(100, from: { "198.51.100.\($0)" }, at: .start)

        _ = try await rules.sessions.refresh(
            refreshToken: stolen.refreshToken, by: .browser, from: .at("203.0.113.1"), at: .start)

        let thief = try await rules.guess(from: "203.0.113.1", at: .start)
        #expect(thief == .throttled(seconds: 1))
    }

    @Test func `the owner's failures in a known network do not count for strangers`() async throws {
        let rules = try Rules()
        try await rules.addJohn()
        #expect(try await rules.guess(Rules.password, from: "192.0.2.1", at: .start) == .right)
        try await rules.guessWrong(10, at: .start)
        try await rules.guessWrong(99, from: { "198.51.100.\($0)" }, at: .start)

        #expect(try await rules.guess(from: "198.51.100.200", at: .start) == .wrong)
        #expect(
            try await rules.guess(from: "198.51.100.201", at: .start) == .throttled(seconds: 1))
    }

    @Test
    func
        `a network that tries many accounts waits, and a login to one account clears only its failures`()
        async throws
    {
        let rules = try Rules()
        try await rules.addJohn()
        for number in 0..<99 {
            try await rules.guessWrong(1, as: "a\(number)@example.com", at: .start)
        }
        try await rules.guessWrong(1, at: .start)
        #expect(try await rules.guess(Rules.password, at: .start) == .throttled(seconds: 1))

        // The own account's failure goes, the others' 99 stay; and the slot is free again.
        #expect(try await rules.guess(Rules.password, at: .start + 1) == .right)
        try await rules.guessWrong(1, as: "b@example.com", at: .start + 1)

        let other = "d@example.com"
        #expect(try await rules.guess(as: other, at: .start + 1) == .throttled(seconds: 1))
        #expect(try await rules.guess(Rules.password, from: "192.0.2.2", at: .start + 1) == .right)
        try await rules.guessWrong(1, as: "c@example.com", at: .start + 2)
        #expect(try await rules.guess(as: other, at: .start + 2) == .throttled(seconds: 2))
    }

    @Test func `failures of others in a known network do not make the owner wait`()
        async throws
    {
        let rules = try Rules()
        try await rules.addJohn()
        #expect(try await rules.guess(Rules.password, at: .start) == .right)
        for number in 0..<100 {
            try await rules.guessWrong(1, as: "a\(number)@example.com", at: .start)
        }
        #expect(try await rules.guess(as: "b@example.com", at: .start) == .throttled(seconds: 1))

        try await rules.guessWrong(9, at: .start)
        #expect(try await rules.guess(Rules.password, at: .start) == .right)
        // Beyond what is free it is judged like any other, and what was free is counted.
        try await rules.guessWrong(10, at: .start)
        #expect(try await rules.guess(Rules.password, at: .start) == .throttled(seconds: 60))
    }

    @Test func `failures are forgotten a day after the last`() async throws {
        let rules = try Rules()
        try await rules.guessWrong(10, at: .start)
        try await rules.guessWrong(1, at: .start + 86_399)
        #expect(try await rules.guess(at: .start + 86_399) == .throttled(seconds: 2))

        try await rules.guessWrong(10, at: .start + 86_399 + 86_400)
    }

    @Test func `failures survive a restart`() async throws {
        let rules = try Rules()
        try await rules.guessWrong(10, at: .start)

        let restarted = Sessions(
            store: rules.store,
            tokens: try Tokens(secret: Rules.secret, accessLifetime: 60, refreshLifetime: 180),
            passwords: rules.passwords)

        await #expect(throws: AuthError.throttled(seconds: 1)) {
            try await restarted.logIn(username: "john@example.com", password: "wrong", at: .start)
        }
    }

    @Test func `a clock that was set back never causes more than the longest wait`()
        async throws
    {
        let rules = try Rules()
        try await rules.guessWrong(10, at: .start)
        var ahead = Timestamp.start
        for wait in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512] as [Int64] {
            ahead = ahead + wait
            try await rules.guessWrong(1, at: ahead)
        }

        #expect(try await rules.guess(at: ahead) == .throttled(seconds: 900))
        #expect(try await rules.guess(at: ahead + -10) == .throttled(seconds: 900))
        #expect(try await rules.guess(at: ahead + -3600) == .wrong)
        #expect(try await rules.guess(at: ahead + -3600) == .throttled(seconds: 900))
        try await rules.guessWrong(10, at: ahead + -90_000)
    }
}
