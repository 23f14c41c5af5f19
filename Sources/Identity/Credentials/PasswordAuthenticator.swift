import Cryptography

/// Verifies passwords, no faster than the throttle allows.
///
/// This type loads and saves the failure counters. `ThrottleState` contains the rules.
///
/// A login takes one read, one hash and one write. `verify` reads the account and the failure
/// counters together and computes the hash. If the password is right, the caller calls
/// `WritableRows.accept` in its own write transaction. If the password is wrong, `verify` counts
/// and records the failure. Once a counter has no free failures left, an attempt takes one more
/// write before the hash, which saves its reservation.
struct PasswordAuthenticator: Sendable {
    let store: any Store
    let passwords: PasswordHasher
    let throttle: Throttle

    /// The proof of a right password for an account that is not disabled.
    struct Verified: Sendable {
        let accountID: Account.ID
        /// The hash that the password was compared with.
        let hash: String
        /// Whether a new hash of this password would be stronger than `hash` and match the same
        /// passwords.
        let isWeak: Bool
        let attempt: LoginAttempt
    }

    /// Verifies the password of an account, and counts and records a failure if it is wrong.
    ///
    /// An unknown or disabled account costs the same work and gives the same error as a wrong
    /// password.
    ///
    /// - Parameters:
    ///   - password: The password.
    ///   - attempt: The attempt. It remembers its reservation, so that a second verification does
    ///     not reserve it again.
    /// - Returns: The account and the hash that matched.
    /// - Throws: `AuthError.wrongCredentials`, `throttled`, `tooManyPasswords` or `busy`.
    func verify(_ password: String, in attempt: inout LoginAttempt) async throws -> Verified {
        let (account, hash, read) = try await store.read { [attempt] rows in
            var attempt = attempt
            let account = try rows.resolve(&attempt)
            let hash = try account.flatMap { try rows.passwordHash(of: $0.id) }
            let admitted = try rows.admit(attempt)
            attempt.origin = admitted.stored.origin
            attempt.mustReserve = admitted.isReserved && !attempt.isReserved
            return (account, hash, attempt)
        }
        attempt = read
        if attempt.mustReserve {
            try await store.write { [attempt] rows in try rows.reserve(attempt) }
            attempt.isReserved = true
        }

        let isRight = try await PasswordHasher.mappingBusy {
            try await passwords.verify(password, against: hash, for: attempt.requester)
        }

        if isRight, let account, let hash, !account.isDisabled {
            return Verified(
                accountID: account.id, hash: hash,
                isWeak: passwords.shouldReplace(hash, of: password),
                attempt: attempt)
        }
        let isBeyondLimit = hash.map(passwords.isBeyondLimit) ?? false
        try await store.write { [attempt] rows in
            try rows.fail(attempt)
            try rows.record(attempt.failure(of: account?.id, isBeyondLimit: isBeyondLimit))
        }
        throw AuthError.wrongCredentials
    }
}

extension WritableRows {
    /// Updates the failure counters for a verified password and returns its account.
    ///
    /// - Returns: The account, and the assurance for its new session; `nil` if the account was
    ///   removed or disabled or got another hash in the meantime. In that case, the counters do not
    ///   change.
    /// - Throws: `AuthError.throttled` if other attempts failed in the meantime and this one has to
    ///   wait. The client does not learn whether the password was right.
    func accept(
        _ verified: PasswordAuthenticator.Verified
    ) throws -> (account: Account, assurance: Assurance)? {
        guard let account = try account(id: verified.accountID), !account.isDisabled,
            try passwordHash(of: account.id) == verified.hash
        else { return nil }
        try succeed(verified.attempt)
        return (account, Assurance(methods: [.password], at: verified.attempt.at))
    }

    /// Saves a reservation for an attempt, which makes the next attempt wait even before the
    /// password of this one has been hashed.
    ///
    /// - Throws: `AuthError.throttled` if another attempt came first and this one has to wait.
    func reserve(_ attempt: LoginAttempt) throws {
        let (stored, state, _) = try admit(attempt)
        try save(state, replacing: stored, for: attempt)
    }

    /// Updates the failure counters after a wrong password.
    ///
    /// - Throws: `AuthError.throttled` if other attempts failed in the meantime and this one has to
    ///   wait. The client does not learn whether the password was right.
    func fail(_ attempt: LoginAttempt) throws {
        var (stored, state, _) = try admit(attempt)
        state.recordFailure(at: attempt.at)
        try save(state, replacing: stored, for: attempt)
    }

    /// Updates the failure counters after a right password, and makes the network known.
    ///
    /// - Throws: `AuthError.throttled` if other attempts failed in the meantime and this one has to
    ///   wait. The client does not learn whether the password was right.
    func succeed(_ attempt: LoginAttempt) throws {
        var (stored, state, isReserved) = try admit(attempt)
        state.recordSuccess(isReserved: isReserved, at: attempt.at)
        try save(state, replacing: stored, for: attempt)
        // A login from a known device makes no network known, because the waits after other
        // people's attempts there were computed under the limits for an unknown network. But if the
        // network is already known, such a login keeps it known.
        guard try attempt.device == nil || isInKnownNetwork(attempt) else { return }
        if let key = attempt.knownNetworkKeys.first, let account = attempt.accountID {
            try setKnownNetwork(
                key, of: account, at: attempt.at, keeping: Throttle.maximumKnownNetworks)
        }
    }

    private func save(
        _ state: ThrottleState, replacing stored: ThrottleState, for attempt: LoginAttempt
    ) throws {
        for (scope, keys) in attempt.keys where state.counters[scope] != stored.counters[scope] {
            // The counter may also be stored under the code of a former signing key. If only the
            // newest entry were deleted, the next attempt would read that older entry.
            let deleted = state.counters[scope] == nil ? keys[...] : keys.prefix(1)
            for key in deleted { try setFailureCounter(state.counters[scope], key) }
        }
    }
}

extension Rows {
    /// Finds the account of an attempt, and the time when the account got its present password.
    @discardableResult
    func resolve(_ attempt: inout LoginAttempt) throws -> Account? {
        let account = try account(email: attempt.name, addressKey: attempt.addressKey)
        attempt.accountID = account?.id
        attempt.passwordSetAt = try account.flatMap { try passwordSetAt(of: $0.id) }
        return account
    }

    /// Reads the failure counters that decide about an attempt.
    ///
    /// A counter of the account is left out if its last failed attempt was before the account got
    /// its present password.
    func throttleState(for attempt: LoginAttempt) throws -> ThrottleState {
        var counters: [ThrottleScope: FailureCounter] = [:]
        for (scope, keys) in attempt.keys {
            guard let counter = try keys.lazy.compactMap(failureCounter).first else { continue }
            let isOld = attempt.passwordSetAt.map {
                counter.lastAt.milliseconds < $0.milliseconds
            }
            if isOld == true, scope.isOfAccount { continue }
            counters[scope] = counter
        }
        return ThrottleState(
            from: try origin(of: attempt), networks: attempt.networks.count, counters: counters)
    }

    private func origin(of attempt: LoginAttempt) throws -> AttemptOrigin {
        if attempt.session != nil { return .session }
        if attempt.device != nil { return .knownDevice }
        return try isInKnownNetwork(attempt) ? .knownNetwork : .elsewhere
    }

    /// Whether the account's password was right from the client's network within the last 30 days.
    func isInKnownNetwork(_ attempt: LoginAttempt) throws -> Bool {
        guard let account = attempt.accountID else { return false }
        return try attempt.knownNetworkKeys.contains { key in
            guard let last = try knownNetwork(key, of: account) else { return false }
            return abs(attempt.at.milliseconds - last.milliseconds)
                < Throttle.knownNetworkMemory * 1000
        }
    }

    /// Reads the failure counters for an attempt and checks that the attempt may go on.
    ///
    /// - Returns: The counters as they are stored, the counters after the decision, and whether the
    ///   attempt has a reservation.
    /// - Throws: `AuthError.throttled` if the attempt has to wait.
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

extension LoginAttempt {
    fileprivate func failure(of account: Account.ID?, isBeyondLimit: Bool) -> Event {
        Event(
            session == nil ? .failedLogin : .failedPasswordChange,
            by: session == nil ? .stranger : .owner, at: at, account: account, session: session,
            address: client.address,
            detail: isBeyondLimit ? "the hash needs more time or memory than is allowed" : "")
    }
}

extension PasswordHasher {
    /// Runs a body, and throws `AuthError.tooManyPasswords` if the body throws `Busy`.
    static func mappingBusy<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch is Busy {
            throw AuthError.tooManyPasswords
        }
    }
}
