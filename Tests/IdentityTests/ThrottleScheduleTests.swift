import SplitMix
import Testing

@testable import Identity

/// Long schedules of guesses.
struct ThrottleScheduleTests {
    @Test(arguments: [
        (ThrottleLimit.ownDevice, 114, 96), (.accountAndNetwork[0], 114, 96),
        (
            .accountAndNetwork[0].waiting(
                atMost: ThrottleState.Limits().longestWaitInKnownNetwork), 1_454, 1_440
        ),
        (.accountAndNetwork[1], 167, 144), (.accountAndNetwork[2], 430, 384),
        (.account, 1_544, 1_440), (.network[0], 1_544, 1_440), (.network[1], 2_314, 2_160),
        (.network[2], 6_162, 5_760),
    ])
    func `the numbers of guesses in a day are as documented`(
        limit: ThrottleLimit, first: Int, later: Int
    ) {
        var guesses = [0, 0, 0]
        var count: Int64 = 0
        var now: Int64 = 0
        while now < 3 * 86_400_000 {
            guesses[Int(now / 86_400_000)] += 1
            count += 1
            now += limit.wait(after: count)
        }

        #expect(guesses == [first, later, later])
    }

    @Test func `guesses as fast as allowed are judged 114 times in a day`() async throws {
        let rules = try Rules()
        try await rules.addJohn()

        var verdicts = 0
        var now = Timestamp.start
        while now < .start + 86_400 {
            switch try await rules.guess(at: now) {
            case .wrong: verdicts += 1
            case .throttled(let seconds): now = now + seconds
            case .right, .busy: Issue.record("neither right nor busy")
            }
        }

        #expect(verdicts == 114)
    }

    /// There are no more networks than an account can have known ones.
    @Test(arguments: [
        (accounts: 3, networks: Throttle.maximumKnownNetworks), (accounts: 40, networks: 4),
    ])
    func `over a random schedule, each verdict follows from the failures before it`(
        accounts: Int, networks: Int
    ) async throws {
        var random = SplitMix()
        let rules = try Rules()
        try await rules.addJohn()
        let names = ["john@example.com"] + (1..<accounts).map { "\($0)@example.com" }
        var history = ThrottleHistory()
        var cookie: String?
        var now = Timestamp.start
        var seen: Set<Int64> = []
        for step in 0..<1_500 {
            // Two networks of 64 bits are in one of 56, and four in one of 48.
            let network = Int.random(in: 0..<networks, using: &random)
            let address = "2001:db8:\(network / 4):\(network / 2 % 2)0\(network % 2)::1"
            let account = Int.random(in: 0..<accounts, using: &random)
            let guess = Guess(
                account, from: [network, network / 2, network / 4],
                device: Bool.random(using: &random) ? 0 : nil,
                isRight: account == 0 && Int.random(in: 0..<20, using: &random) == 0)
            let expected = history.verdict(guess, at: now)

            let (verdict, newCookie) = try await rules.logIn(
                guess.isRight ? Rules.password : "wrong", as: names[account], from: address,
                device: guess.device == nil ? nil : cookie, at: now)

            try #require(verdict == expected, "step \(step)")
            if guess.device != nil, let newCookie { cookie = newCookie }
            if case .throttled(let seconds) = verdict { seen.insert(seconds) }
            now.milliseconds += history.pause(using: &random)
        }
        #expect(seen.count > 2)
    }
}
