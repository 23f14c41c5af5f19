// Loads and saves the counters of `ThrottleState`, which has the rules.

extension Rows {
    /// The counters that decide about an attempt.
    func throttleState(for attempt: LoginAttempt) throws -> ThrottleState {
        let keys = attempt.keys
        return ThrottleState(
            accountAndNetwork: try failures(keys.accountAndNetwork),
            account: try keys.account.flatMap(failures), network: try failures(keys.network),
            knownNetwork: try keys.knownNetwork.flatMap(failures),
            countsAccount: keys.account != nil)
    }

    /// The counters that decide about an attempt, if it may go on.
    ///
    /// - Returns: The state as it is stored, as it becomes, and whether the attempt has reserved.
    /// - Throws: `AuthError.throttled`.
    func admit(
        _ attempt: LoginAttempt
    ) throws -> (stored: ThrottleState, state: ThrottleState, isReserved: Bool) {
        let stored = try throttleState(for: attempt)
        if attempt.isReserved { return (stored, stored, true) }
        var state = stored
        switch state.decide(at: attempt.at) {
        case .allowed: return (stored, state, false)
        case .reserved: return (stored, state, true)
        case .throttled(let seconds): throw AuthError.throttled(seconds: seconds)
        }
    }
}

extension WritableRows {
    /// Saves a reservation, so that the next attempt waits before this one has cost a hash.
    ///
    /// - Throws: `AuthError.throttled` if another attempt was first.
    func reserve(_ attempt: LoginAttempt) throws {
        let (stored, state, _) = try admit(attempt)
        try save(state, replacing: stored, for: attempt)
    }

    /// Counts a wrong password.
    ///
    /// - Throws: `AuthError.throttled` if others have failed in the meantime: the result of this
    ///   attempt is not disclosed.
    func fail(_ attempt: LoginAttempt) throws {
        var (stored, state, _) = try admit(attempt)
        state.recordFailure(at: attempt.at)
        try save(state, replacing: stored, for: attempt)
    }

    /// Counts a right password.
    ///
    /// - Throws: `AuthError.throttled` if others have failed in the meantime: the result of this
    ///   attempt is not disclosed.
    func succeed(_ attempt: LoginAttempt) throws {
        var (stored, state, isReserved) = try admit(attempt)
        state.recordSuccess(isReserved: isReserved, at: attempt.at)
        try save(state, replacing: stored, for: attempt)
    }

    private func save(
        _ state: ThrottleState, replacing stored: ThrottleState, for attempt: LoginAttempt
    ) throws {
        let keys = attempt.keys
        if state.accountAndNetwork != stored.accountAndNetwork {
            try setFailures(state.accountAndNetwork, keys.accountAndNetwork)
        }
        if let key = keys.account, state.account != stored.account {
            try setFailures(state.account, key)
        }
        if state.network != stored.network { try setFailures(state.network, keys.network) }
        if let key = keys.knownNetwork, state.knownNetwork != stored.knownNetwork {
            try setFailures(state.knownNetwork, key)
        }
    }
}
