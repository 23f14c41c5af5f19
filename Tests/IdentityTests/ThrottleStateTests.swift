import SplitMix
import Testing

@testable import Identity

/// The pure rules of the throttle, without a store.
struct ThrottleStateTests {
    /// Small enough that a few attempts reach every limit.
    private static let small = ThrottleState.Limits(
        ownDevice: ThrottleLimit(free: 1, longestWait: 4),
        accountAndNetwork: [
            ThrottleLimit(free: 1, longestWait: 4), ThrottleLimit(free: 2, longestWait: 3),
        ],
        account: ThrottleLimit(free: 2, longestWait: 2),
        network: [
            ThrottleLimit(free: 2, longestWait: 3), ThrottleLimit(free: 3, longestWait: 2),
        ], longestWaitInKnownNetwork: 1)
    private static let wide = ThrottleState.Limits(
        ownDevice: ThrottleLimit(free: 2, longestWait: 2),
        accountAndNetwork: [
            ThrottleLimit(free: 2, longestWait: 2), ThrottleLimit(free: 2, longestWait: 4),
        ],
        account: ThrottleLimit(free: 3, longestWait: 1),
        network: [
            ThrottleLimit(free: 2, longestWait: 4), ThrottleLimit(free: 2, longestWait: 1),
        ], longestWaitInKnownNetwork: 2)

    @Test(arguments: [small, wide], [4, 5])
    func `every sequence of four or five attempts gets the verdicts of the plain rules`(
        limits: ThrottleState.Limits, depth: Int
    ) throws {
        var verdicts: [Verdict: Int] = [:]
        try compare(
            ThrottleCounters(limits: limits), ThrottleHistory(limits: limits), [0, 1],
            guesses: depth == 4 ? Self.guesses : Self.guessesWithoutDevice, depth: depth
        ) {
            verdicts[$0, default: 0] += 1
        }
        #expect(
            verdicts.count > depth - 2, "a verdict that is possible never occurred: \(verdicts)")
    }

    @Test(arguments: [small, wide], [3, 4])
    func `every sequence of three or four attempts, some a day apart, gets the same verdicts`(
        limits: ThrottleState.Limits, depth: Int
    ) throws {
        try compare(
            ThrottleCounters(limits: limits), ThrottleHistory(limits: limits), [0, 1, 2],
            guesses: depth == 3 ? Self.guesses : Self.guessesWithoutDevice, depth: depth)
    }

    @Test(arguments: [small, wide, ThrottleState.Limits()])
    func `long random sequences get the verdicts of the plain rules`(
        limits: ThrottleState.Limits
    ) throws {
        var random = SplitMix()
        for _ in 0..<60 {
            var counters = ThrottleCounters(limits: limits)
            var history = ThrottleHistory(limits: limits)
            var now = Timestamp.start
            for step in 0..<200 {
                let account = Int.random(in: 0..<3, using: &random)
                let network = Int.random(in: 0..<4, using: &random)
                let guess = Guess(
                    account, from: [network, network / 2],
                    device: [nil, 0, 1].randomElement(using: &random) ?? nil,
                    isRight: account < 2 && Int.random(in: 0..<12, using: &random) == 0)
                let expected = history.verdict(guess, at: now)
                let verdict = counters.verdict(guess, at: now)
                try #require(verdict == expected, "step \(step)")
                now.milliseconds += history.pause(using: &random)
            }
        }
    }

    @Test func `a free attempt does not wait for a later one that was judged first`() {
        let arrived = Timestamp(seconds: 1_000)
        let later = Timestamp(milliseconds: arrived.milliseconds + 50)

        var others = ThrottleState(from: .elsewhere, networks: 1)
        others.recordFailure(at: later)
        #expect(others.decide(at: arrived) == .allowed)

        // Beyond the free failures, a right password releases the wait that it had reserved.
        let counter = FailureCounter(
            count: ThrottleLimit.network[0].free, lastAt: Timestamp(seconds: 900),
            nextAt: Timestamp(seconds: 901))
        var released = ThrottleState(
            from: .elsewhere, networks: 1, counters: [.network(width: 0): counter])
        #expect(released.decide(at: later) == .reserved)
        released.recordSuccess(isReserved: true, at: later)
        #expect(released.decide(at: arrived) == .reserved)
    }

    @Test func `however four attempts at once overlap, no more are judged than are free`() throws {
        let limits = ThrottleState.Limits(
            accountAndNetwork: [ThrottleLimit(free: 2, longestWait: 900)])
        let guess = Guess(0, from: [0], isRight: false)
        var orders = 0
        /// Takes each next step that is possible: an attempt begins, or one that has begun ends.
        func explore(_ counters: ThrottleCounters, waiting: Int, running: [Bool], judged: Int) {
            if waiting == 0, running.isEmpty {
                orders += 1
                #expect(judged == 2)
            }
            if waiting > 0 {
                var next = counters
                let isReserved = next.begin(guess, at: .start)
                explore(
                    next, waiting: waiting - 1, running: running + (isReserved.map { [$0] } ?? []),
                    judged: judged)
            }
            for index in running.indices {
                var next = counters
                var others = running
                let isJudged = next.fail(
                    guess, isReserved: others.remove(at: index), at: .start)
                explore(
                    next, waiting: waiting, running: others, judged: judged + (isJudged ? 1 : 0))
            }
        }

        explore(ThrottleCounters(limits: limits), waiting: 4, running: [], judged: 0)

        #expect(orders > 24)
    }

    /// Compares both rules over every sequence of attempts, each after one of the pauses.
    ///
    /// Of the pauses 0 is no time, 1 exactly the wait of the last verdict, and 2 a day.
    private func compare(
        _ counters: ThrottleCounters, _ history: ThrottleHistory, _ pauses: [Int],
        guesses: [Guess], depth: Int, at now: Timestamp = .start,
        onVerdict: (Verdict) -> Void = { _ in }
    ) throws {
        guard depth > 0 else { return }
        for guess in guesses {
            for pause in pauses where pause != 1 || history.lastWait > 0 {
                var (counters, history, now) = (counters, history, now)
                now.milliseconds += [0, history.lastWait, 86_400_000][pause]
                let expected = history.verdict(guess, at: now)
                let verdict = counters.verdict(guess, at: now)
                onVerdict(verdict)
                guard verdict == expected else {
                    throw Difference(verdict: verdict, expected: expected, depth: depth)
                }
                try compare(
                    counters, history, pauses, guesses: guesses, depth: depth - 1, at: now,
                    onVerdict: onVerdict)
            }
        }
    }

    /// The guesses that each step chooses from.
    ///
    /// The second account has no owner, so no password is right for it. The first two networks are
    /// in one wider network.
    private static let guesses = [
        Guess(0, from: [0, 0], isRight: true), Guess(0, from: [0, 0], isRight: false),
        Guess(0, from: [0, 0], device: 0, isRight: true),
        Guess(0, from: [0, 0], device: 0, isRight: false),
        Guess(0, from: [1, 0], isRight: false), Guess(0, from: [2, 1], isRight: true),
        Guess(0, from: [2, 1], isRight: false), Guess(1, from: [0, 0], isRight: false),
        Guess(1, from: [1, 0], device: 0, isRight: false),
    ]
    /// Fewer guesses, for longer sequences.
    private static let guessesWithoutDevice = guesses.filter { $0.device == nil }

    private struct Difference: Error {
        let verdict: Verdict
        let expected: Verdict
        let depth: Int
    }
}
