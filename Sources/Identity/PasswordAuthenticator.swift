import Cryptography

/// Judges passwords, no faster than the throttle lets.
struct PasswordAuthenticator: Sendable {
    let store: any Store
    let passwords: PasswordHasher
    let throttle: Throttle

    /// A right password of an account that is let in.
    struct Verified: Sendable {
        let accountID: Account.ID
        /// What it was compared with.
        let hash: String
        let attempt: LoginAttempt
    }

    /// Begins an attempt to log in.
    ///
    /// - Throws: `AuthError.throttled` or `busy`.
    func login(as name: String, from client: Client, at now: Timestamp) async throws -> LoginAttempt
    {
        try await admit { rows in try throttle.login(as: name, from: client, at: now, in: rows) }
    }

    /// Begins an attempt to change the password of somebody who is signed in.
    ///
    /// - Throws: `AuthError.throttled` or `busy`.
    func passwordChange(
        of caller: Caller, from client: Client, at now: Timestamp
    ) async throws -> LoginAttempt {
        try await admit { _ in try throttle.passwordChange(of: caller, from: client, at: now) }
    }

    /// Compares a password with the account's, and records and counts it if it is wrong.
    ///
    /// An account that is not there or is shut out costs the same work, and gets the same answer.
    ///
    /// - Throws: `AuthError.wrongCredentials`, `throttled` or `busy`.
    func verify(_ password: String, in attempt: LoginAttempt) async throws -> Verified {
        let found = try await store.read { rows in
            try rows.account(email: attempt.name).map { ($0, try rows.passwordHash(of: $0.id)) }
        }
        let isRight = try await PasswordHasher.mappingBusy {
            try await passwords.verify(password, against: found?.1)
        }
        if isRight, case (let account, let hash?)? = found, !account.isDisabled {
            return Verified(accountID: account.id, hash: hash, attempt: attempt)
        }
        let failure = attempt.failure(of: found?.0.id)
        try await store.write { rows in
            try rows.fail(attempt)
            try rows.record(failure)
        }
        throw AuthError.wrongCredentials
    }

    private func admit(
        _ attempt: @escaping @Sendable (any Rows) throws -> LoginAttempt
    ) async throws -> LoginAttempt {
        var (attempt, isToReserve) = try await store.read { rows in
            let attempt = try attempt(rows)
            return (attempt, try rows.admit(attempt))
        }
        if isToReserve {
            try await store.write { [attempt] rows in try rows.reserve(attempt) }
            attempt.isReserved = true
        }
        return attempt
    }
}

extension WritableRows {
    /// The account of a verified password, if it is still let in and has that password; the
    /// attempt has succeeded then.
    ///
    /// - Throws: `AuthError.throttled`: others have failed meanwhile, and this one is not judged.
    func accept(_ verified: PasswordAuthenticator.Verified) throws -> Account? {
        guard let account = try account(id: verified.accountID), !account.isDisabled,
            try passwordHash(of: account.id) == verified.hash
        else { return nil }
        try succeed(verified.attempt)
        return account
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
    /// Runs a body; a hasher that is busy is a refusal.
    static func mappingBusy<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch is Busy {
            throw AuthError.busy
        }
    }
}
