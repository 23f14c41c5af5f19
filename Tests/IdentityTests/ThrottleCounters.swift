@testable import Identity

/// The counters of several accounts, networks and devices, as a store would keep them.
struct ThrottleCounters {
    private struct Key: Hashable {
        let scope: ThrottleScope
        let account: Int
        let place: Int
    }

    private let limits: ThrottleState.Limits
    private var stored: [Key: FailureCounter] = [:]
    private var knownNetworks: [Key: Timestamp] = [:]
    private var devices: [Int: Int] = [:]

    init(limits: ThrottleState.Limits) { self.limits = limits }

    /// An attempt from its begin to its end, with no other in between.
    mutating func verdict(_ guess: Guess, at now: Timestamp) -> Verdict {
        var state = state(for: guess, at: now)
        let isReserved: Bool
        switch state.decide(at: now) {
        case .throttled(let seconds): return .throttled(seconds: seconds)
        case .allowed: isReserved = false
        case .reserved: isReserved = true
        }
        save(state, for: guess)
        finish(guess, isReserved: isReserved, at: now)
        return guess.isRight ? .right : .wrong
    }

    /// Decides about an attempt before its hash.
    ///
    /// - Returns: Whether it has reserved; `nil` if it is refused.
    mutating func begin(_ guess: Guess, at now: Timestamp) -> Bool? {
        var state = state(for: guess, at: now)
        let decision = state.decide(at: now)
        save(state, for: guess)
        switch decision {
        case .allowed: return false
        case .reserved: return true
        case .throttled: return nil
        }
    }

    /// Counts a failure after the hash, if the attempt is still allowed.
    mutating func fail(_ guess: Guess, isReserved: Bool, at now: Timestamp) -> Bool {
        var state = state(for: guess, at: now)
        if !isReserved, case .throttled = state.decide(at: now) { return false }
        state.recordFailure(at: now)
        save(state, for: guess)
        return true
    }

    private mutating func finish(_ guess: Guess, isReserved: Bool, at now: Timestamp) {
        var state = state(for: guess, at: now)
        guard guess.isRight else {
            state.recordFailure(at: now)
            save(state, for: guess)
            return
        }
        state.recordSuccess(isReserved: isReserved, at: now)
        save(state, for: guess)
        if state.origin != .knownDevice || isInKnownNetwork(guess, at: now) {
            knownNetworks[key(.accountAndNetwork(width: 0), of: guess)] = now
        }
        if let device = guess.device { devices[device] = guess.account }
    }

    private func state(for guess: Guess, at now: Timestamp) -> ThrottleState {
        let isKnown = isInKnownNetwork(guess, at: now)
        let isKnownDevice = guess.device.map { devices[$0] == guess.account } ?? false
        var counters: [ThrottleScope: FailureCounter] = [:]
        for scope in Self.scopes(of: guess) { counters[scope] = stored[key(scope, of: guess)] }
        return ThrottleState(
            from: isKnownDevice ? .knownDevice : isKnown ? .knownNetwork : .elsewhere,
            networks: guess.networks.count, counters: counters, limits: limits)
    }

    private func isInKnownNetwork(_ guess: Guess, at now: Timestamp) -> Bool {
        let last = knownNetworks[key(.accountAndNetwork(width: 0), of: guess)]
        return last.map {
            now.milliseconds - $0.milliseconds < Throttle.knownNetworkMemory * 1000
        } ?? false
    }

    private mutating func save(_ state: ThrottleState, for guess: Guess) {
        for scope in Self.scopes(of: guess) {
            stored[key(scope, of: guess)] = state.counters[scope]
        }
    }

    private static func scopes(of guess: Guess) -> [ThrottleScope] {
        let widths = guess.networks.indices
        return [.device, .account]
            + widths.flatMap { [.accountAndNetwork(width: $0), .network(width: $0)] }
    }

    private func key(_ scope: ThrottleScope, of guess: Guess) -> Key {
        switch scope {
        case .device, .session:
            Key(scope: scope, account: guess.account, place: guess.device ?? -1)
        case .account: Key(scope: scope, account: guess.account, place: 0)
        case .network(let width): Key(scope: scope, account: 0, place: guess.networks[width])
        case .accountAndNetwork(let width):
            Key(scope: scope, account: guess.account, place: guess.networks[width])
        }
    }
}
