import SQLiteStore
import Testing

@testable import Identity

/// What an attempt leaves in the store.
struct ThrottleRowsTests {
    @Test func `a late failure keeps the reservation of a later attempt`()
        async throws
    {
        let rules = try Rules()
        try await rules.guessWrong(10, at: .start)
        let slow = try rules.attempt(at: .start + 1)
        let quick = try rules.attempt(
            at: Timestamp(milliseconds: slow.at.milliseconds + 1_500))
        let next = try rules.attempt(at: .start + 3)

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

    @Test func `a success deletes the failures and makes the network known`() async throws {
        let rules = try Rules()
        try await rules.addJohn()
        let address = "2001:db8::1"
        try await rules.guessWrong(10, from: { _ in address }, at: .start)
        let attempt = try rules.attempt(from: address, at: .start)
        #expect(attempt.counterKeys.count == 7)
        for key in attempt.counterKeys {
            let failures = try await rules.store.read { try $0.failureCounter(key) }
            #expect(failures?.count == 10)
        }

        #expect(try await rules.guess(Rules.password, from: address, at: .start + 1) == .right)

        for key in attempt.counterKeys {
            #expect(try await rules.store.read { try $0.failureCounter(key) } == nil)
        }
        let network = try #require(attempt.knownNetworkKeys.first)
        #expect(try await rules.store.read { try $0.knownNetwork(network, of: 1) } == .start + 1)
    }

    @Test func `right passwords from many networks keep ten networks and store no counter`()
        async throws
    {
        let rules = try Rules()
        try await rules.addJohn()
        for number in Int64(0)..<20 {
            let address = "192.0.2.\(number)"
            let verdict = try await rules.guess(
                Rules.password, from: address, at: .start + number)
            #expect(verdict == .right)
        }

        var known: [Bool] = []
        for number in 0..<20 {
            let attempt = try rules.attempt(from: "192.0.2.\(number)", at: .start)
            let key = try #require(attempt.knownNetworkKeys.first)
            known.append(try await rules.store.read { try $0.knownNetwork(key, of: 1) } != nil)
            for key in attempt.counterKeys {
                #expect(try await rules.store.read { try $0.failureCounter(key) } == nil)
            }
        }
        #expect(known == Array(repeating: false, count: 10) + Array(repeating: true, count: 10))
    }

    @Test func `the purge deletes counters older than a day`() async throws {
        let rules = try Rules()
        try await rules.guessWrong(1, at: .start)
        let old = try rules.attempt(at: .start)
        for key in old.counterKeys {
            #expect(try await rules.store.read { try $0.failureCounter(key) } != nil)
        }

        try await rules.purge(at: .start + 86_401)

        for key in old.counterKeys {
            #expect(try await rules.store.read { try $0.failureCounter(key) } == nil)
        }
    }

    @Test func `names, networks and kinds of counter have different keys`()
        async throws
    {
        let rules = try Rules()
        let attempts = try [
            rules.attempt(at: .start), rules.attempt(as: "a@b.com", at: .start),
            rules.attempt(from: "::1", at: .start), rules.attempt(as: "", at: .start),
            rules.attempt(as: "", from: "", at: .start),
        ]
        let keys = attempts.flatMap(\.counterKeys)

        // Two share a network with the first, and one an account; the last two share an account.
        #expect(Set(keys).count == keys.count - 4)
    }
}

extension Rules {
    fileprivate func attempt(
        as name: String = "john@example.com", from address: String = "192.0.2.1",
        at now: Timestamp
    ) throws -> LoginAttempt {
        try tokens.throttle.login(as: name, devices: [], from: .at(address), at: now)
    }
}

extension LoginAttempt {
    /// The keys of the counters of failures.
    fileprivate var counterKeys: [FailureCounter.Key] {
        keys.values.flatMap(\.self)
    }
}
