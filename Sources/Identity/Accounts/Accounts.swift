public import Cryptography

/// The domain rules for adding, changing and removing accounts.
public struct Accounts: Sendable {
    let store: any Store
    let passwords: PasswordHasher
    private let topLevelDomains: Set<String>?
    /// The rule for new passwords.
    public let newPassword: NewPassword
    private let refusesCommonPasswords: Bool

    /// Creates the domain rules for the accounts in a store.
    ///
    /// - Parameters:
    ///   - store: The store that holds the accounts.
    ///   - passwords: The hasher for new passwords.
    ///   - topLevelDomains: The top-level domains that e-mail addresses may have, in lower case;
    ///     `nil` for any.
    ///   - newPassword: The rule for new passwords.
    ///   - refusesCommonPasswords: Whether new passwords that attackers try first are refused.
    public init(
        store: any Store, passwords: PasswordHasher, topLevelDomains: Set<String>?,
        newPassword: NewPassword = .contract, refusesCommonPasswords: Bool = false
    ) {
        self.store = store
        self.passwords = passwords
        self.topLevelDomains = topLevelDomains
        self.newPassword = newPassword
        self.refusesCommonPasswords = refusesCommonPasswords
    }

    /// Returns the rules that the e-mail address of a new account violates; empty if it is valid.
    public func violations(ofEmail email: String) -> [AccountViolation] {
        EmailRule.violations(in: email, topLevelDomains: topLevelDomains)
    }

    /// Returns the rules that a new password violates.
    ///
    /// - Parameters:
    ///   - password: The password.
    ///   - email: The address of the account, which the password must not be; `nil` if the address
    ///     is not known.
    /// - Returns: The rules; empty if the password is valid.
    public func violations(
        ofPassword password: String, of email: String? = nil
    ) -> [AccountViolation] {
        newPassword.violations(
            in: password, of: email, hashedBy: passwords, refusesCommon: refusesCommonPasswords)
    }

    /// The allowed lengths of a new password, in UTF-16 code units.
    ///
    /// If only the hash limits the length, the upper bound is a number of bytes. A password with
    /// non-ASCII characters then reaches the limit with fewer code units.
    public var newPasswordLengths: ClosedRange<Int> {
        newPassword.minimum...(newPassword.maximum ?? passwords.longestPassword)
    }

    /// The maximum length of any account's password, in UTF-16 code units, no matter when it was
    /// set or how it was hashed.
    public var longestPassword: Int { newPassword.maximum ?? PasswordHasher.maximumAcceptedLength }

    /// Adds an account.
    ///
    /// - Parameters:
    ///   - email: The e-mail address to log in with.
    ///   - password: The password.
    ///   - role: What the account may do.
    ///   - actor: Who adds the account.
    ///   - client: Where the request comes from; `nil` for the command line.
    ///   - now: The current time.
    /// - Returns: The new account.
    /// - Throws: `AuthError.invalid`, `emailTaken`, `tooManyPasswords` or `busy`.
    @discardableResult
    public func add(
        email: String, password: String, role: Role = .user, by actor: Event.Actor,
        from client: Client? = nil, now: Timestamp
    ) async throws -> Account {
        let violations =
            violations(ofEmail: email) + violations(ofPassword: password, of: email)
        guard violations.isEmpty else { throw AuthError.invalid(violations) }
        // Check that the address is free before computing the expensive hash. The store checks this
        // again when the account is added.
        let taken = try await store.read { try $0.account(email: email) }
        guard taken == nil else { throw AuthError.emailTaken }
        let requester = client.map { Requester.signup(network: $0.widestNetwork) } ?? .commandLine
        let hash = try await PasswordHasher.mappingBusy {
            try await passwords.hash(password, for: requester)
        }
        return try await store.write { rows in
            let account = try rows.addAccount(
                email: email, passwordHash: hash, role: role, createdAt: now)
            try rows.record(
                Event(
                    .added, by: actor, at: now, account: account.id,
                    address: client?.address ?? "", detail: role.rawValue))
            return account
        }
    }

    /// Returns all accounts.
    public func list() async throws -> [Account] {
        try await store.read { try $0.accounts() }
    }

    /// Changes an account's role, and ends the account's sessions if the account loses a right.
    ///
    /// The change applies from the account's next request on. A role that only adds rights does not
    /// require a new login. As the HTTP contract (the recorded API of the Express backend)
    /// requires, the next token that is issued contains the new role.
    ///
    /// - Throws: `AuthError.accountNotFound`.
    public func setRole(
        _ role: Role, of email: String, by actor: Event.Actor, now: Timestamp
    ) async throws {
        try await change(email) { try $1.setRole(role, of: &$0, by: Author(actor), at: now) }
    }

    /// Sets an account's password and ends its sessions.
    ///
    /// - Throws: `AuthError.invalid`, `accountNotFound`, `tooManyPasswords` or `busy`.
    public func setPassword(
        _ password: String, of email: String, by actor: Event.Actor, now: Timestamp
    ) async throws {
        let violations = violations(ofPassword: password, of: email)
        guard violations.isEmpty else { throw AuthError.invalid(violations) }
        let hash = try await PasswordHasher.mappingBusy {
            try await passwords.hash(password, for: .commandLine)
        }
        try await change(email) { account, rows in
            let event = Event(.passwordChanged, by: actor, at: now, account: account.id)
            try rows.replacePassword(with: hash, of: account.id, at: now)
            try rows.record(event)
            try rows.end(.ofAccount(account.id), recording: event.endingSessions)
        }
    }

    /// Disables an account, which ends its sessions, or enables it again.
    ///
    /// - Throws: `AuthError.accountNotFound`.
    public func setDisabled(
        _ isDisabled: Bool, of email: String, by actor: Event.Actor, now: Timestamp
    ) async throws {
        try await change(email) {
            try $1.setDisabled(isDisabled, of: &$0, by: Author(actor), at: now)
        }
    }

    /// Removes an account and its sessions.
    ///
    /// - Throws: `AuthError.accountNotFound`.
    public func remove(email: String, by actor: Event.Actor, now: Timestamp) async throws {
        try await store.write { rows in
            guard let account = try rows.account(email: email) else {
                throw AuthError.accountNotFound
            }
            let event = Event(.removed, by: actor, at: now, account: account.id)
            try rows.end(.ofAccount(account.id), recording: event.endingSessions)
            try rows.removeAccount(id: account.id)
            try rows.record(event)
        }
    }

    private func change(
        _ email: String,
        _ change: @escaping @Sendable (inout Account, any WritableRows) throws -> Void
    ) async throws {
        try await store.write { rows in
            guard var account = try rows.account(email: email) else {
                throw AuthError.accountNotFound
            }
            try change(&account, rows)
            try rows.updateAccount(account)
        }
    }
}
