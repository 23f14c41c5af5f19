import SplitMix
import Testing

@testable import Identity

/// The pure rules of the throttle, without a store.
struct ThrottleStateTests {
    /// Small enough that a few attempts reach every limit.
    private static let small = ThrottleState.Limits(
        accountAndNetwork: ThrottleLimit(free: 1, longestWait: 4),
        account: ThrottleLimit(free: 2, longestWait: 2),
        network: ThrottleLimit(free: 2, longestWait: 3))
    private static let wide = ThrottleState.Limits(
        accountAndNetwork: ThrottleLimit(free: 2, longestWait: 2),
        account: ThrottleLimit(free: 3, longestWait: 1),
        network: ThrottleLimit(free: 2, longestWait: 4))

    @Test(arguments: [small, wide])
    func `every sequence of five attempts gets the verdicts of the plain rules`(
        limits: ThrottleState.Limits
    ) throws {
        var verdicts: [Verdict: Int] = [:]
        try compare(Counters(limits: limits), ThrottleHistory(limits: limits), [0, 1], depth: 5) {
            verdicts[$0, default: 0] += 1
        }
        #expect(verdicts.count > 3, "a verdict that is possible never occurred: \(verdicts)")
    }

    @Test(arguments: [small, wide])
    func `every sequence of four attempts, some of them a day apart, gets the same verdicts`(
        limits: ThrottleState.Limits
    ) throws {
        try compare(
            Counters(limits: limits), ThrottleHistory(limits: limits), [0, 1, 2], depth: 4)
    }

    @Test(arguments: [small, wide, ThrottleState.Limits()])
    func `long random sequences get the verdicts of the plain rules`(
        limits: ThrottleState.Limits
    ) throws {
        var random = SplitMix()
        for _ in 0..<20 {
            var counters = Counters(limits: limits)
            var history = ThrottleHistory(limits: limits)
            var now = Timestamp.start
            for step in 0..<200 {
                let account = Int.random(in: 0..<3, using: &random)
                let network = Int.random(in: 0..<3, using: &random)
                let isRight = account < 2 && Int.random(in: 0..<12, using: &random) == 0
                let expected = history.verdict(isRight: isRight, account, network, at: now)
                let verdict = counters.verdict(isRight: isRight, account, network, at: now)
                try #require(verdict == expected, "step \(step)")
                now.milliseconds += history.pause(using: &random)
            }
        }
    }

    @Test func `a free attempt does not wait for a later one that was judged first`() {
        let arrived = Timestamp(seconds: 1_000)
        let later = Timestamp(milliseconds: arrived.milliseconds + 50)

        var others = ThrottleState()
        others.recordFailure(at: later)
        #expect(others.decide(at: arrived) == .allowed)

        // Beyond the free failures, a right password releases the wait that it had reserved.
        let free = ThrottleLimit.network.free
        var released = ThrottleState()
        released.network = FailureCounter(
            count: free, lastAt: Timestamp(seconds: 900), nextAt: Timestamp(seconds: 901))
        #expect(released.decide(at: later) == .reserved)
        released.recordSuccess(isReserved: true, at: later)
        released.knownNetwork = nil
        #expect(released.decide(at: arrived) == .reserved)
    }

    @Test func `however four attempts at once overlap, no more are judged than are free`() throws {
        let limits = ThrottleState.Limits(
            accountAndNetwork: ThrottleLimit(free: 2, longestWait: 900))
        var orders = 0
        /// Takes each next step that is possible: an attempt begins, or one that has begun ends.
        func explore(_ counters: Counters, waiting: Int, running: [Bool], judged: Int) {
            if waiting == 0, running.isEmpty {
                orders += 1
                #expect(judged == 2)
            }
            if waiting > 0 {
                var next = counters
                let isReserved = next.begin(0, 0, at: .start)
                explore(
                    next, waiting: waiting - 1, running: running + (isReserved.map { [$0] } ?? []),
                    judged: judged)
            }
            for index in running.indices {
                var next = counters
                var others = running
                let isJudged = next.fail(0, 0, isReserved: others.remove(at: index), at: .start)
                explore(
                    next, waiting: waiting, running: others, judged: judged + (isJudged ? 1 : 0))
            }
        }

        explore(Counters(limits: limits), waiting: 4, running: [], judged: 0)

        #expect(orders > 24)
    }

    /// Compares both rules over every sequence of attempts, each after one of the pauses.
    ///
    /// Of the pauses 0 is no time, 1 exactly the wait of the last verdict, and 2 a day.
    private func compare(
        _ counters: Counters, _ history: ThrottleHistory, _ pauses: [Int], depth: Int,
        at now: Timestamp = .start, onVerdict: (Verdict) -> Void = { _ in }
    ) throws {
        guard depth > 0 else { return }
        for (account, network, isRight) in Self.attempts {
            for pause in pauses where pause != 1 || history.lastWait > 0 {
                var (counters, history, now) = (counters, history, now)
                now.milliseconds += [0, history.lastWait, 86_400_000][pause]
                let expected = history.verdict(isRight: isRight, account, network, at: now)
                let verdict = counters.verdict(isRight: isRight, account, network, at: now)
                onVerdict(verdict)
                guard verdict == expected else {
                    throw Difference(verdict: verdict, expected: expected, depth: depth)
                }
                try compare(
                    counters, history, pauses, depth: depth - 1, at: now, onVerdict: onVerdict)
            }
        }
    }

    /// The second account has no owner, so no password is right for it.
    private static let attempts = [
        (0, 0, true), (0, 0, false), (0, 1, true), (0, 1, false), (1, 0, false), (1, 1, false),
    ]

    private struct Difference: Error {
        let verdict: Verdict
        let expected: Verdict
        let depth: Int
    }
}

/// The counters of several accounts and networks, as a store would keep them.
private struct Counters {
    private enum Key: Hashable {
        case accountAndNetwork(Int, Int)
        case account(Int)
        case network(Int)
        case knownNetwork(Int, Int)
    }

    private let limits: ThrottleState.Limits
    private var stored: [Key: FailureCounter] = [:]

    init(limits: ThrottleState.Limits) { self.limits = limits }

    /// An attempt from its begin to its end, with no other in between.
    mutating func verdict(
        isRight: Bool, _ account: Int, _ network: Int, at now: Timestamp
    ) -> Verdict {
        var state = state(account, network)
        switch state.decide(at: now) {
        case .throttled(let seconds): return .throttled(seconds: seconds)
        case .allowed:
            save(state, account, network)
            finish(isRight: isRight, isReserved: false, account, network, at: now)
        case .reserved:
            save(state, account, network)
            finish(isRight: isRight, isReserved: true, account, network, at: now)
        }
        return isRight ? .right : .wrong
    }

    /// Decides about an attempt before its hash.
    ///
    /// - Returns: Whether it has reserved; `nil` if it is refused.
    mutating func begin(_ account: Int, _ network: Int, at now: Timestamp) -> Bool? {
        var state = state(account, network)
        let decision = state.decide(at: now)
        save(state, account, network)
        switch decision {
        case .allowed: return false
        case .reserved: return true
        case .throttled: return nil
        }
    }

    /// Counts a failure after the hash, if the attempt is still allowed.
    mutating func fail(
        _ account: Int, _ network: Int, isReserved: Bool, at now: Timestamp
    ) -> Bool {
        var state = state(account, network)
        if !isReserved, case .throttled = state.decide(at: now) { return false }
        state.recordFailure(at: now)
        save(state, account, network)
        return true
    }

    private mutating func finish(
        isRight: Bool, isReserved: Bool, _ account: Int, _ network: Int, at now: Timestamp
    ) {
        var state = state(account, network)
        if isRight {
            state.recordSuccess(isReserved: isReserved, at: now)
        } else {
            state.recordFailure(at: now)
        }
        save(state, account, network)
    }

    private func state(_ account: Int, _ network: Int) -> ThrottleState {
        ThrottleState(
            accountAndNetwork: stored[.accountAndNetwork(account, network)],
            account: stored[.account(account)], network: stored[.network(network)],
            knownNetwork: stored[.knownNetwork(account, network)], limits: limits)
    }

    private mutating func save(_ state: ThrottleState, _ account: Int, _ network: Int) {
        stored[.accountAndNetwork(account, network)] = state.accountAndNetwork
        stored[.account(account)] = state.account
        stored[.network(network)] = state.network
        stored[.knownNetwork(account, network)] = state.knownNetwork
    }
}
