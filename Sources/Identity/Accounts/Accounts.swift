public import Cryptography

/// Adding, changing and removing accounts.
public struct Accounts: Sendable {
    let store: any Store
    let passwords: PasswordHasher
    private let topLevelDomains: Set<String>?
    /// The rule for new passwords.
    public let newPassword: NewPassword

    /// Creates the rules for a store.
    ///
    /// - Parameters:
    ///   - store: The store that holds the accounts.
    ///   - passwords: Hashes passwords.
    ///   - topLevelDomains: The top-level domains that e-mail addresses may have, in lower case;
    ///     `nil` for any.
    ///   - newPassword: The rule for new passwords.
    public init(
        store: any Store, passwords: PasswordHasher, topLevelDomains: Set<String>?,
        newPassword: NewPassword = .contract
    ) {
        self.store = store
        self.passwords = passwords
        self.topLevelDomains = topLevelDomains
        self.newPassword = newPassword
    }

    /// What an e-mail address of a new account breaks; empty if it is valid.
    public func violations(ofEmail email: String) -> [AccountViolation] {
        EmailRule.violations(in: email, topLevelDomains: topLevelDomains)
    }

    /// What a new password breaks; empty if it is valid.
    public func violations(ofPassword password: String) -> [AccountViolation] {
        newPassword.violations(in: password) + passwords.violations(of: password)
    }

    /// The allowed lengths of a new password, in UTF-16 units.
    ///
    /// If only the hash limits the length, the maximum counts bytes: a password with characters
    /// other than ASCII reaches it with fewer units.
    public var newPasswordLengths: ClosedRange<Int> {
        newPassword.minimum...(newPassword.maximum ?? passwords.longestPassword)
    }

    /// The longest password that any account can have, in UTF-16 units, whenever it was set and
    /// however it was hashed.
    public var longestPassword: Int { newPassword.maximum ?? PasswordHasher.maximumAcceptedLength }

    /// Adds an account.
    ///
    /// - Parameters:
    ///   - email: The e-mail address to log in with.
    ///   - password: The password.
    ///   - role: What the account may do.
    ///   - actor: Who adds it.
    ///   - client: Where the request comes from; `nil` for the command line.
    ///   - now: The current time.
    /// - Returns: The account.
    /// - Throws: `AuthError.invalid`, `emailTaken` or `busy`.
    @discardableResult
    public func add(
        email: String, password: String, role: Role = .user, by actor: Event.Actor,
        from client: Client? = nil, now: Timestamp
    ) async throws -> Account {
        let violations = violations(ofEmail: email) + violations(ofPassword: password)
        guard violations.isEmpty else { throw AuthError.invalid(violations) }
        // Checked before the expensive hash; the store decides again when it adds the account.
        let taken = try await store.read { try $0.account(email: email) }
        guard taken == nil else { throw AuthError.emailTaken }
        let hash = try await PasswordHasher.mappingBusy { try await passwords.hash(password) }
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

    /// All accounts.
    public func list() async throws -> [Account] {
        try await store.read { try $0.accounts() }
    }

    /// Changes an account's role from its next request on, and ends its sessions if the account
    /// loses a right.
    ///
    /// A role that only adds rights needs no new login: by the contract, the next token holds it.
    ///
    /// - Throws: `AuthError.accountNotFound`.
    public func setRole(
        _ role: Role, of email: String, by actor: Event.Actor, now: Timestamp
    ) async throws {
        try await change(email) { try $1.setRole(role, of: &$0, by: Author(actor), at: now) }
    }

    /// Sets an account's password and ends its sessions.
    ///
    /// - Throws: `AuthError.invalid`, `accountNotFound` or `busy`.
    public func setPassword(
        _ password: String, of email: String, by actor: Event.Actor, now: Timestamp
    ) async throws {
        let violations = violations(ofPassword: password)
        guard violations.isEmpty else { throw AuthError.invalid(violations) }
        let hash = try await PasswordHasher.mappingBusy { try await passwords.hash(password) }
        try await change(email) { account, rows in
            let event = Event(.passwordChanged, by: actor, at: now, account: account.id)
            try rows.setPasswordHash(hash, of: account.id)
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

    /// Removes an account with its sessions.
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
