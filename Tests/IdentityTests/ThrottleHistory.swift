import SplitMix

@testable import Identity

/// The throttle's rules, stated plainly: every verdict is computed from the whole history.
///
/// Slow, and independent of `ThrottleState`, which keeps counters instead.
struct ThrottleHistory {
    private struct Failure {
        let at: Timestamp
        let guess: Guess
        let origin: AttemptOrigin
        var isForgiven = false
        /// When the waits after it end.
        var waits: [ThrottleScope: Timestamp] = [:]
    }

    private struct Place: Hashable {
        let account: Int
        let network: Int
    }

    private let limits: ThrottleState.Limits
    private var failures: [Failure] = []
    /// When an account's password was last right in a network.
    private var successes: [Place: Timestamp] = [:]
    /// The account whose password was last right on a device.
    private var devices: [Int: Int] = [:]
    /// The wait of the last verdict, in milliseconds; 0 if it was not throttled.
    private(set) var lastWait: Int64 = 0

    init(limits: ThrottleState.Limits = .init()) { self.limits = limits }

    mutating func verdict(_ guess: Guess, at now: Timestamp) -> Verdict {
        let origin = origin(of: guess, at: now)
        let waits = scopes(deciding: guess, from: origin, at: now).map { scope in
            series(scope, of: guess, at: now)
                .compactMap { failures[$0].waits[scope] }
                .map { $0.milliseconds - now.milliseconds }.max() ?? 0
        }
        lastWait = max(0, waits.max() ?? 0)
        if lastWait > 0 { return .throttled(seconds: (lastWait + 999) / 1000) }

        if guess.isRight {
            let narrowest = scopes(counting: guess, from: origin)[0]
            for index in series(narrowest, of: guess, at: now) { failures[index].isForgiven = true }
            if origin != .knownDevice || isInKnownNetwork(guess, at: now) {
                successes[Place(account: guess.account, network: guess.networks[0])] = now
            }
            if let device = guess.device { devices[device] = guess.account }
            return .right
        }
        failures.append(Failure(at: now, guess: guess, origin: origin))
        for scope in scopes(counting: guess, from: origin) {
            let limit = limit(of: scope, from: origin)
            let beyond = unforgiven(scope, of: guess, at: now) - limit.free
            guard beyond >= 0 else { continue }
            failures[failures.count - 1].waits[scope] =
                now + min(limit.longestWait, 1 << min(beyond, 20))
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

    private func origin(of guess: Guess, at now: Timestamp) -> AttemptOrigin {
        if let device = guess.device, devices[device] == guess.account { return .knownDevice }
        return isInKnownNetwork(guess, at: now) ? .knownNetwork : .elsewhere
    }

    private func isInKnownNetwork(_ guess: Guess, at now: Timestamp) -> Bool {
        let place = Place(account: guess.account, network: guess.networks[0])
        return successes[place].map { now.milliseconds - $0.milliseconds < 30 * day } ?? false
    }

    private func scopes(counting guess: Guess, from origin: AttemptOrigin) -> [ThrottleScope] {
        if origin == .knownDevice { return [.device] }
        let widths = guess.networks.indices
        let scopes =
            widths.map { ThrottleScope.accountAndNetwork(width: $0) }
            + widths.map { .network(width: $0) }
        return origin == .knownNetwork ? scopes : scopes + [.account]
    }

    private func scopes(
        deciding guess: Guess, from origin: AttemptOrigin, at now: Timestamp
    ) -> [ThrottleScope] {
        guard origin == .knownNetwork else { return scopes(counting: guess, from: origin) }
        // In a known network, other failures do not count up to the owner's last free one.
        let pair = ThrottleScope.accountAndNetwork(width: 0)
        let isFree = unforgiven(pair, of: guess, at: now) < limits.accountAndNetwork[0].free
        return [pair] + (isFree ? [] : guess.networks.indices.map { .network(width: $0) })
    }

    private func limit(of scope: ThrottleScope, from origin: AttemptOrigin) -> ThrottleLimit {
        switch scope {
        case .device, .session: limits.ownDevice
        case .account: limits.account
        case .network(let width): limits.network[width]
        case .accountAndNetwork(0) where origin == .knownNetwork:
            ThrottleLimit(
                free: limits.accountAndNetwork[0].free,
                longestWait: min(
                    limits.accountAndNetwork[0].longestWait, limits.longestWaitInKnownNetwork))
        case .accountAndNetwork(let width): limits.accountAndNetwork[width]
        }
    }

    private func unforgiven(_ scope: ThrottleScope, of guess: Guess, at now: Timestamp) -> Int64 {
        Int64(series(scope, of: guess, at: now).count { !failures[$0].isForgiven })
    }

    /// The failures of a scope that are not forgotten: none is a day before the next.
    private func series(_ scope: ThrottleScope, of guess: Guess, at now: Timestamp) -> [Int] {
        func isInScope(_ failure: Failure) -> Bool {
            let isSameAccount = failure.guess.account == guess.account
            if failure.origin == .knownDevice || scope == .device {
                return failure.origin == .knownDevice && scope == .device && isSameAccount
                    && failure.guess.device == guess.device
            }
            return switch scope {
            case .device, .session: false
            case .account: isSameAccount && failure.origin == .elsewhere
            case .network(let width): failure.guess.networks[width] == guess.networks[width]
            case .accountAndNetwork(let width):
                isSameAccount && failure.guess.networks[width] == guess.networks[width]
            }
        }
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

private let day: Int64 = 86_400_000
