/// Reads and changes accounts in a transaction.
public protocol WritableAccountRows: AccountRows {
    /// Adds an account.
    ///
    /// - Throws: `AuthError.emailTaken` if an account with this address already exists, compared by
    ///   `Account.addressKey`.
    func addAccount(
        email: String, passwordHash: String, role: Role, createdAt: Timestamp
    ) throws -> Account
    /// Stores the role of an existing account and whether the account is disabled.
    func updateAccount(_ account: Account) throws
    /// Stores the hash of an existing account's password.
    func setPasswordHash(_ hash: String, of account: Account.ID) throws
    /// Stores when an existing account got its present password.
    func setPasswordTime(_ moment: Timestamp, of account: Account.ID) throws
    /// Removes an account and its sessions.
    func removeAccount(id: Account.ID) throws
}
