public import Cryptography

/// Adding, changing and removing accounts.
public struct Accounts: Sendable {
    private let store: any Store
    private let passwords: PasswordHasher
    private let topLevelDomains: Set<String>?

    /// Makes the rules of a store.
    ///
    /// - Parameters:
    ///   - store: Where accounts are.
    ///   - passwords: Hashes passwords.
    ///   - topLevelDomains: Where e-mail addresses may end, in lower case; `nil` for anywhere.
    public init(store: any Store, passwords: PasswordHasher, topLevelDomains: Set<String>?) {
        self.store = store
        self.passwords = passwords
        self.topLevelDomains = topLevelDomains
    }

    /// The rules that an e-mail address breaks, in the words of the contract.
    public func violations(ofEmail email: String) -> [String] {
        EmailAddress.violations(in: email, topLevelDomains: topLevelDomains)
    }

    /// The rules that a new password breaks, in the words of the contract.
    public func violations(ofPassword password: String) -> [String] {
        NewPassword.violations(in: password) + passwords.violations(of: password)
    }

    /// Adds an account.
    ///
    /// - Throws: `Refusal.invalid`, `emailTaken` or `busy`.
    @discardableResult
    public func add(
        email: String, password: String, role: Role = .user, now: Timestamp
    ) async throws -> Account {
        let violations = violations(ofEmail: email) + violations(ofPassword: password)
        guard violations.isEmpty else { throw Refusal.invalid(violations) }
        // Asked before the hash, which is dear; the store itself decides, afterwards.
        let taken = try await store.read { try $0.account(email: email) }
        guard taken == nil else { throw Refusal.emailTaken }
        let hash = try await hash(password)
        return try await store.write {
            try $0.addAccount(email: email, passwordHash: hash, role: role, createdAt: now)
        }
    }

    /// All accounts.
    public func list() async throws -> [Account] {
        try await store.read { try $0.accounts() }
    }

    /// Gives an account a role, which counts from the next request on.
    ///
    /// - Throws: `Refusal.accountNotFound`.
    public func setRole(_ role: Role, of email: String) async throws {
        try await change(email) { account, _ in account.role = role }
    }

    /// Gives an account a password and ends its sessions.
    ///
    /// - Throws: `Refusal.invalid`, `accountNotFound` or `busy`.
    public func setPassword(_ password: String, of email: String, now: Timestamp) async throws {
        let violations = violations(ofPassword: password)
        guard violations.isEmpty else { throw Refusal.invalid(violations) }
        let hash = try await hash(password)
        try await change(email) { account, rows in
            try rows.setPasswordHash(hash, of: account.id)
            try rows.endSessions(of: account.id, at: now)
        }
    }

    /// Shuts an account out, which ends its sessions, or lets it in again.
    ///
    /// - Throws: `Refusal.accountNotFound`.
    public func setDisabled(_ isDisabled: Bool, of email: String, now: Timestamp) async throws {
        try await change(email) { account, rows in
            account.isDisabled = isDisabled
            if isDisabled { try rows.endSessions(of: account.id, at: now) }
        }
    }

    /// Removes an account with its sessions.
    ///
    /// - Throws: `Refusal.accountNotFound`.
    public func remove(email: String) async throws {
        try await store.write { rows in
            guard let account = try rows.account(email: email) else {
                throw Refusal.accountNotFound
            }
            try rows.removeAccount(id: account.id)
        }
    }

    private func change(
        _ email: String,
        _ change: @escaping @Sendable (inout Account, any WritableRows) throws -> Void
    ) async throws {
        try await store.write { rows in
            guard var account = try rows.account(email: email) else {
                throw Refusal.accountNotFound
            }
            try change(&account, rows)
            try rows.updateAccount(account)
        }
    }

    private func hash(_ password: String) async throws -> String {
        do {
            return try await passwords.hash(password)
        } catch is PasswordHasher.Busy {
            throw Refusal.busy
        }
    }
}
