import SplitMix

@testable import Identity

/// The throttle's rules, stated plainly: every verdict is computed from the whole history.
///
/// Slow, and independent of `ThrottleState`, which keeps four counters instead.
struct ThrottleHistory {
    private struct Failure {
        let at: Timestamp
        let account: Int
        let network: Int
        let isFromKnownNetwork: Bool
        var isForgiven = false
        /// When the waits after it end: of the account in the network, the account, the network.
        var waits: [Timestamp] = []
    }

    private struct Place: Hashable {
        let account: Int
        let network: Int
    }

    private let limits: [ThrottleLimit]
    private var failures: [Failure] = []
    /// When an account's password was last right in a network.
    private var successes: [Place: Timestamp] = [:]
    /// The wait of the last verdict, in milliseconds; 0 if it was not throttled.
    private(set) var lastWait: Int64 = 0

    init(limits: ThrottleState.Limits = .init()) {
        self.limits = [limits.accountAndNetwork, limits.account, limits.network]
    }

    mutating func verdict(
        isRight: Bool, _ account: Int, _ network: Int, at now: Timestamp
    ) -> Verdict {
        let place = Place(account: account, network: network)
        let isKnown =
            successes[place].map { now.milliseconds - $0.milliseconds < 30 * day } ?? false
        let series = series(account, network, at: now)
        // In a known network, other failures do not count up to the owner's last free one.
        let isWithinFree = series[0].count { !failures[$0].isForgiven } < limits[0].free
        let scopes = isKnown ? isWithinFree ? [0] : [0, 2] : [0, 1, 2]
        let waits = scopes.map { scope in
            series[scope].map { failures[$0].waits[scope].milliseconds - now.milliseconds }.max()
                ?? 0
        }
        lastWait = max(0, waits.max() ?? 0)
        if lastWait > 0 { return .throttled(seconds: (lastWait + 999) / 1000) }

        if isRight {
            for index in series[0] { failures[index].isForgiven = true }
            successes[place] = now
            return .right
        }
        failures.append(
            Failure(at: now, account: account, network: network, isFromKnownNetwork: isKnown))
        failures[failures.count - 1].waits = zip(
            self.series(account, network, at: now), limits
        ).map { series, limit in
            let beyond = Int64(series.count { !failures[$0].isForgiven }) - limit.free
            guard beyond >= 0 else { return Timestamp(milliseconds: 0) }
            return now + min(limit.longestWait, 1 << min(beyond, 20))
        }
        return .wrong
    }

    /// Often just until the next attempt is allowed, or a little less; seldom so long that all
    /// failures are forgotten.
    func pause(using random: inout SplitMix) -> Int64 {
        switch Int.random(in: 0..<1_000, using: &random) {
        case ..<600: .random(in: 0..<200, using: &random)
        case ..<980: max(0, lastWait - .random(in: 0..<2, using: &random))
        case ..<998: .random(in: 0..<1_000_000, using: &random)
        default: .random(in: 80_000_000..<90_000_000, using: &random)
        }
    }

    /// The failures that are not forgotten, of the account in the network, the account and the
    /// network: none is a day before the next.
    private func series(_ account: Int, _ network: Int, at now: Timestamp) -> [[Int]] {
        let scopes: [(Failure) -> Bool] = [
            { $0.account == account && $0.network == network },
            { $0.account == account && !$0.isFromKnownNetwork },
            { $0.network == network },
        ]
        return scopes.map { isInScope in
            var next = now
            var series: [Int] = []
            for index in failures.indices.reversed() where isInScope(failures[index]) {
                guard next.milliseconds - failures[index].at.milliseconds < day else { break }
                series.append(index)
                next = failures[index].at
            }
            return series
        }
    }
}

private let day: Int64 = 86_400_000
