import SplitMix
import Testing

@testable import Identity

/// Long schedules of guesses.
struct ThrottleScheduleTests {
    @Test(arguments: [
        (Throttle.Limit.accountAndNetwork, 114, 96), (.account, 1_544, 1_440), (.network, 204, 96),
    ])
    func `the numbers of guesses in a day are as they are said to be`(
        limit: Throttle.Limit, first: Int, later: Int
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

    @Test func `whoever guesses as fast as is let is judged 114 times in a day`() async throws {
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
    func `over a random schedule each verdict is the one that the failures before it ask for`(
        accounts: Int, networks: Int
    ) async throws {
        var random = SplitMix()
        let rules = try Rules()
        try await rules.addJohn()
        let names = ["john@example.com"] + (1..<accounts).map { "\($0)@example.com" }
        var history = History()
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

/// All that was judged, of which each verdict is told anew: slow, and not how the throttle does it.
private struct History {
    private struct Failure {
        let at: Timestamp
        let account: Int
        let network: Int
        let hasKnownNetwork: Bool
        var isForgiven = false
        /// Until when the pair, the account and the network had to wait after it.
        var waits: [Timestamp] = []
    }

    private var failures: [Failure] = []
    /// When the password was right, of the one account that has one.
    private var homes: [Int: Timestamp] = [:]
    private var lastWait: Int64 = 0

    mutating func verdict(
        isRight: Bool, _ account: Int, _ network: Int, at now: Timestamp
    ) -> Verdict {
        let hasKnownNetwork =
            account == 0
            && homes[network].map { now.milliseconds - $0.milliseconds < 30 * 86_400_000 } ?? false
        let chains = chains(account, network, at: now)
        let isFromKnownNetwork =
            hasKnownNetwork && chains[0].count { !failures[$0].isForgiven } < 10
        let scopes = isFromKnownNetwork ? [0] : hasKnownNetwork ? [0, 2] : [0, 1, 2]
        let waits = zip(0..., chains).filter { scope, _ in scopes.contains(scope) }.map {
            scope, chain in
            chain.map { failures[$0].waits[scope].milliseconds - now.milliseconds }.max() ?? 0
        }
        lastWait = max(0, waits.max() ?? 0)
        if lastWait > 0 { return .throttled(seconds: (lastWait + 999) / 1000) }
        if isRight {
            for index in chains[0] { failures[index].isForgiven = true }
            homes[network] = now
            return .right
        }
        failures.append(
            Failure(at: now, account: account, network: network, hasKnownNetwork: hasKnownNetwork))
        failures[failures.count - 1].waits = zip(
            self.chains(account, network, at: now), [(10, 900), (100, 60), (100, 900)]
        ).map { chain, limit in
            let beyond = chain.count { !failures[$0].isForgiven } - limit.0
            guard beyond >= 0 else { return now }
            return now + min(Int64(limit.1), 1 << Int64(min(beyond, 20)))
        }
        return .wrong
    }

    /// Often just until the next is let, or a little less; seldom so long that all is forgotten.
    func pause(using random: inout SplitMix) -> Int64 {
        switch Int.random(in: 0..<1_000, using: &random) {
        case ..<600: .random(in: 0..<200, using: &random)
        case ..<980: max(0, lastWait - .random(in: 0..<2, using: &random))
        case ..<998: .random(in: 0..<1_000_000, using: &random)
        default: .random(in: 80_000_000..<90_000_000, using: &random)
        }
    }

    /// The failures of the pair, the account and the network that are not forgotten: none a day
    /// before the next.
    private func chains(_ account: Int, _ network: Int, at now: Timestamp) -> [[Int]] {
        let scopes: [(Failure) -> Bool] = [
            { $0.account == account && $0.network == network },
            { $0.account == account && !$0.hasKnownNetwork },
            { $0.network == network },
        ]
        return scopes.map { isInScope in
            var next = now
            var chain: [Int] = []
            for index in failures.indices.reversed() where isInScope(failures[index]) {
                guard next.milliseconds - failures[index].at.milliseconds < 86_400_000 else {
                    break
                }
                chain.append(index)
                next = failures[index].at
            }
            return chain
        }
    }
}
