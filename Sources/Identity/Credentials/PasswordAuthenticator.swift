import Cryptography

/// Checks passwords, no faster than the throttle allows.
///
/// It loads and saves the counters of `ThrottleState`, which has the rules.
///
/// A login is one read, the hash, and one write: `verify` reads the account and the throttle's
/// counters together and hashes; the caller's transaction ends with `WritableRows.accept`, and a
/// wrong password is counted and recorded here. Only an attempt beyond the free failures takes one
/// more write, before the hash, for its reservation.
struct PasswordAuthenticator: Sendable {
    let store: any Store
    let passwords: PasswordHasher
    let throttle: Throttle

    /// A right password of an account that is not disabled.
    struct Verified: Sendable {
        let accountID: Account.ID
        /// The hash that the password was compared with.
        let hash: String
        /// Whether the hash is cheaper to guess than new hashes.
        let isWeak: Bool
        let attempt: LoginAttempt
    }

    /// Compares a password with the account's; records and counts it if it is wrong.
    ///
    /// An unknown or disabled account costs the same work and gets the same answer.
    ///
    /// - Parameters:
    ///   - password: The password.
    ///   - attempt: The attempt, which remembers its reservation if it is verified again.
    /// - Returns: The account and the hash that matched.
    /// - Throws: `AuthError.wrongCredentials`, `throttled` or `busy`.
    func verify(_ password: String, in attempt: inout LoginAttempt) async throws -> Verified {
        let (account, hash, mustReserve) = try await store.read { [attempt] rows in
            let isReserved = try rows.admit(attempt).isReserved
            let account = try rows.account(email: attempt.name)
            let hash = try account.flatMap { try rows.passwordHash(of: $0.id) }
            return (account, hash, isReserved && !attempt.isReserved)
        }
        if mustReserve {
            try await store.write { [attempt] rows in try rows.reserve(attempt) }
            attempt.isReserved = true
        }

        let isRight = try await PasswordHasher.mappingBusy {
            try await passwords.verify(password, against: hash)
        }

        if isRight, let account, let hash, !account.isDisabled {
            return Verified(
                accountID: account.id, hash: hash, isWeak: passwords.isWeaker(hash),
                attempt: attempt)
        }
        try await store.write { [attempt] rows in
            try rows.fail(attempt)
            try rows.record(attempt.failure(of: account?.id))
        }
        throw AuthError.wrongCredentials
    }
}

extension WritableRows {
    /// Counts a verified password as right and returns its account.
    ///
    /// - Returns: The account, and the assurance that its session begins with; `nil` if the account
    ///   was disabled or has another hash now. Then nothing is counted.
    /// - Throws: `AuthError.throttled` if others have failed in the meantime: the result of this
    ///   attempt is not disclosed.
    func accept(
        _ verified: PasswordAuthenticator.Verified
    ) throws -> (account: Account, assurance: Assurance)? {
        guard let account = try account(id: verified.accountID), !account.isDisabled,
            try passwordHash(of: account.id) == verified.hash
        else { return nil }
        try succeed(verified.attempt)
        return (account, Assurance(methods: [.password], at: verified.attempt.at))
    }

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
            try setFailureCounter(state.accountAndNetwork, keys.accountAndNetwork)
        }
        if let key = keys.account, state.account != stored.account {
            try setFailureCounter(state.account, key)
        }
        if state.network != stored.network { try setFailureCounter(state.network, keys.network) }
        if let key = keys.knownNetwork, state.knownNetwork != stored.knownNetwork {
            try setFailureCounter(state.knownNetwork, key)
        }
    }
}

extension Rows {
    /// The counters that decide about an attempt.
    func throttleState(for attempt: LoginAttempt) throws -> ThrottleState {
        let keys = attempt.keys
        return ThrottleState(
            accountAndNetwork: try failureCounter(keys.accountAndNetwork),
            account: try keys.account.flatMap(failureCounter),
            network: try failureCounter(keys.network),
            knownNetwork: try keys.knownNetwork.flatMap(failureCounter),
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

extension LoginAttempt {
    fileprivate func failure(of account: Account.ID?) -> Event {
        Event(
            session == nil ? .failedLogin : .failedPasswordChange,
            by: session == nil ? .stranger : .owner, at: at, account: account, session: session,
            address: client.address)
    }
}

extension PasswordHasher {
    /// Runs a body and throws `AuthError.busy` where it throws `Busy`.
    static func mappingBusy<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch is Busy {
            throw AuthError.busy
        }
    }
}
