import SQLiteStore
import Testing

@testable import Identity

/// What an attempt leaves in the store.
struct ThrottleRowsTests {
    @Test func `a failure that is late does not open what another has taken meanwhile`()
        async throws
    {
        let rules = try Rules()
        try await rules.guessWrong(10, at: .start)
        let slow = try await rules.attempt(at: .start + 1)
        let quick = try await rules.attempt(
            at: Timestamp(milliseconds: slow.at.milliseconds + 1_500))
        let next = try await rules.attempt(at: .start + 3)

        await #expect(throws: AuthError.throttled(seconds: 1)) {
            try await rules.store.write { rows in
                try rows.reserve(slow)
                try rows.reserve(quick)
                // By itself this one would have the next wait until two seconds after its start.
                var late = slow
                late.isReserved = true
                try rows.fail(late)
                try rows.reserve(next)
            }
        }
    }

    @Test func `a success leaves no failures behind, and a home`() async throws {
        let rules = try Rules()
        try await rules.addJohn()
        try await rules.guessWrong(10, at: .start)
        let attempt = try await rules.attempt(at: .start)
        for counter in attempt.counters {
            let failures = try await rules.store.read { try $0.failures(counter.key) }
            #expect(failures?.count == 10)
        }

        #expect(try await rules.guess(Rules.password, at: .start + 1) == .right)

        for counter in attempt.counters {
            #expect(try await rules.store.read { try $0.failures(counter.key) } == nil)
        }
        #expect(try await rules.attempt(at: .start).broader.count == 1, "at home")
    }

    @Test func `what is a month old goes as new failures come`() async throws {
        let rules = try Rules()
        try await rules.guessWrong(1, at: .start)
        let old = try await rules.attempt(at: .start)
        #expect(try await rules.store.read { try $0.failures(old.accountAndNetwork.key) } != nil)

        try await rules.guessWrong(
            1, as: "a@b.com", from: { _ in "::1" }, at: .start + 30 * 86_400 + 1)

        for counter in old.counters {
            #expect(try await rules.store.read { try $0.failures(counter.key) } == nil)
        }
    }

    @Test func `names and places are told apart, and so are the kinds of count`()
        async throws
    {
        let rules = try Rules()
        let attempts = try await [
            rules.attempt(at: .start), rules.attempt(as: "a@b.com", at: .start),
            rules.attempt(from: "::1", at: .start), rules.attempt(as: "", at: .start),
            rules.attempt(as: "", from: "", at: .start),
        ]
        let keys = attempts.flatMap { $0.counters.map(\.key) }

        // Two share a network with the first, and one an account; the last two share an account.
        #expect(Set(keys).count == keys.count - 4)
    }
}

extension Rules {
    fileprivate func attempt(
        as name: String = "john@example.com", from address: String = "192.0.2.1",
        at now: Timestamp
    ) async throws -> LoginAttempt {
        let throttle = Throttle(key: tokens.throttleKey)
        return try await store.read { rows in
            try throttle.login(as: name, from: .at(address), at: now, in: rows)
        }
    }
}
