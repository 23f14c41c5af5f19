import Cryptography
import Identity
import SQLiteStore
import Testing

/// Guesses that come at once.
struct ThrottleRaceTests {
    @Test func `of many guesses at once, no more are judged than are free`() async throws {
        let rules = try Rules(hashingCapacity: 100)
        try await rules.addJohn()

        let verdicts = try await rules.guess(Array(repeating: "wrong", count: 60), at: .start)

        #expect(verdicts[.wrong] == 10)
        #expect(verdicts[.throttled(seconds: 1)] == 50)
    }

    @Test func `beyond the free failures, only one of many attempts at once is judged`()
        async throws
    {
        let rules = try Rules(hashingCapacity: 100)
        try await rules.addJohn()
        try await rules.guessWrong(10, at: .start)

        let verdicts = try await rules.guess(Array(repeating: "wrong", count: 60), at: .start + 1)

        #expect(verdicts[.wrong] == 1)
        #expect(try await rules.failedLogins == 11)
    }

    @Test
    func
        `the right password among many guesses at once succeeds within the free failures or not at all`()
        async throws
    {
        for _ in 0..<5 {
            let rules = try Rules(hashingCapacity: 100)
            try await rules.addJohn()

            let verdicts = try await rules.guess(
                Array(repeating: "wrong", count: 40) + [Rules.password], at: .start)

            let events = try await rules.accounts.events(
                Event.Filter(kinds: [.failedLogin, .login], limit: 100))
            let login = events.firstIndex { $0.kind == .login }
            #expect(login.map { $0 < 10 } ?? true, "\(login ?? 0) failures before")
            #expect(verdicts[.right] ?? 0 == (login == nil ? 0 : 1))
            #expect(verdicts.values.reduce(0, +) == 41)
        }
    }

    @Test func `a busy hasher counts no failure`() async throws {
        let rules = try Rules(hashingCapacity: 1)
        try await rules.addJohn()

        var wrong = 0
        var busy = 0
        for _ in 0..<40 where wrong < 5 {
            let verdicts = try await rules.guess(Array(repeating: "wrong", count: 4), at: .start)
            wrong += verdicts[.wrong] ?? 0
            busy += verdicts[.busy] ?? 0
        }

        try #require(wrong < 10)
        #expect(busy > 0)
        #expect(try await rules.failedLogins == wrong)
        try await rules.guessWrong(10 - wrong, at: .start)
        #expect(try await rules.guess(at: .start) == .throttled(seconds: 1))
    }

    @Test func `a login that is verified again is not throttled by its own reservation`()
        async throws
    {
        let weak = try Rules(scheme: .bcrypt(cost: 4))
        try await weak.addJohn()
        let hash = try #require(try await weak.store.read { try $0.passwordHash(of: 1) })
        let rules = try Rules(scheme: .bcrypt(cost: 9))
        try await rules.addJohn()
        try await rules.store.write { try $0.setPasswordHash(hash, of: 1) }
        try await rules.guessWrong(10, at: .start)

        // Two that have reserved a slot each, of networks of their own, and race for the hash.
        try await rules.guessWrong(10, from: { _ in "192.0.2.2" }, at: .start)
        let logins = try await withThrowingTaskGroup(of: Verdict.self) { group in
            for address in ["192.0.2.1", "192.0.2.2"] {
                group.addTask {
                    try await rules.guess(Rules.password, from: address, at: .start + 1)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }

        #expect(logins == [.right, .right])
    }
}

extension Rules {
    fileprivate func guess(_ passwords: [String], at now: Timestamp) async throws
        -> [Verdict: Int]
    {
        try await withThrowingTaskGroup(of: Verdict.self) { group in
            for password in passwords {
                group.addTask { try await self.guess(password, at: now) }
            }
            return try await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        }
    }

    fileprivate var failedLogins: Int {
        get async throws {
            try await accounts.events(Event.Filter(kinds: [.failedLogin], limit: 1_000)).count
        }
    }
}
