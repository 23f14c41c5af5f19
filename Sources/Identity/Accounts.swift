public import Cryptography

/// Adding, changing and removing accounts.
public struct Accounts: Sendable {
    let store: any Store
    let passwords: PasswordHasher
    private let topLevelDomains: Set<String>?
    /// What a new password must be.
    public let newPassword: NewPassword

    /// Makes the rules of a store.
    ///
    /// - Parameters:
    ///   - store: Where accounts are.
    ///   - passwords: Hashes passwords.
    ///   - topLevelDomains: Where e-mail addresses may end, in lower case; `nil` for anywhere.
    ///   - newPassword: What a new password must be.
    public init(
        store: any Store, passwords: PasswordHasher, topLevelDomains: Set<String>?,
        newPassword: NewPassword = .contract
    ) {
        self.store = store
        self.passwords = passwords
        self.topLevelDomains = topLevelDomains
        self.newPassword = newPassword
    }

    /// The rules that an e-mail address breaks, in the words of the contract.
    public func violations(ofEmail email: String) -> [String] {
        EmailRule.violations(in: email, topLevelDomains: topLevelDomains)
    }

    /// The rules that a new password breaks, in the words of the contract.
    public func violations(ofPassword password: String) -> [String] {
        newPassword.violations(in: password) + passwords.violations(of: password)
    }

    /// How long a new password may be, in UTF-16 units.
    ///
    /// Where only the hash sets an end, that is in bytes: a text of other than ASCII ends before.
    public var newPasswordLengths: ClosedRange<Int> {
        newPassword.minimum...(newPassword.maximum ?? passwords.longestPassword)
    }

    /// How long the password of an account can be, in UTF-16 units, whenever it was set and
    /// however it was hashed.
    public var longestPassword: Int { newPassword.maximum ?? PasswordHasher.maximumAcceptedLength }

    /// Adds an account.
    ///
    /// - Parameters:
    ///   - email: The e-mail address to log in with.
    ///   - password: The password.
    ///   - role: What the account may do.
    ///   - actor: Who adds it.
    ///   - client: Where they are; `nil` for the command line.
    ///   - now: The time.
    /// - Returns: The account.
    /// - Throws: `AuthError.invalid`, `emailTaken` or `busy`.
    @discardableResult
    public func add(
        email: String, password: String, role: Role = .user, by actor: Event.Actor,
        from client: Client? = nil, now: Timestamp
    ) async throws -> Account {
        let violations = violations(ofEmail: email) + violations(ofPassword: password)
        guard violations.isEmpty else { throw AuthError.invalid(violations) }
        // Asked before the hash, which is dear; the store itself decides, afterwards.
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

    /// Gives an account a role, which counts from the next request on, and ends its sessions if
    /// that takes something from it.
    ///
    /// What is only added needs no new login: the contract has the new role in the next token.
    ///
    /// - Throws: `AuthError.accountNotFound`.
    public func setRole(
        _ role: Role, of email: String, by actor: Event.Actor, now: Timestamp
    ) async throws {
        try await change(email) { try $1.setRole(role, of: &$0, by: Author(actor), at: now) }
    }

    /// Gives an account a password and ends its sessions.
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

    /// Shuts an account out, which ends its sessions, or lets it in again.
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
