import SplitMix
import Testing

@testable import Identity

/// Long schedules of guesses.
struct ThrottleScheduleTests {
    @Test(arguments: [
        (ThrottleLimit.accountAndNetwork, 114, 96), (.account, 1_544, 1_440), (.network, 204, 96),
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

    @Test(arguments: [(accounts: 3, networks: 14), (accounts: 40, networks: 3)])
    func `over a random schedule, each verdict follows from the failures before it`(
        accounts: Int, networks: Int
    ) async throws {
        var random = SplitMix()
        let rules = try Rules()
        try await rules.addJohn()
        let names = ["john@example.com"] + (1..<accounts).map { "\($0)@example.com" }
        var history = ThrottleHistory()
        var now = Timestamp.start
        var seen: Set<Int64> = []
        for step in 0..<1_500 {
            let password = Int.random(in: 0..<20, using: &random) == 0 ? Rules.password : "wrong"
            let account = Int.random(in: 0..<accounts, using: &random)
            let network = Int.random(in: 0..<networks, using: &random)
            let expected = history.verdict(
                isRight: account == 0 && password == Rules.password, account, network, at: now)

            let verdict = try await rules.guess(
                password, as: names[account], from: "192.0.2.\(network)", at: now)

            try #require(verdict == expected, "step \(step)")
            if case .throttled(let seconds) = verdict { seen.insert(seconds) }
            now.milliseconds += history.pause(using: &random)
        }
        #expect(seen.count > 2)
    }
}
