/// The changes to accounts that can be made in a transaction.
public protocol WritableAccountRows: AccountRows {
    /// Adds an account.
    ///
    /// - Throws: `AuthError.emailTaken` if an account has the address, in whatever ASCII case.
    func addAccount(
        email: String, passwordHash: String, role: Role, createdAt: Timestamp
    ) throws -> Account
    /// Stores the account's role and state. The number must exist.
    func updateAccount(_ account: Account) throws
    /// Stores the hash of an account's password. The number must exist.
    func setPasswordHash(_ hash: String, of account: Account.ID) throws
    /// Removes an account together with its sessions.
    func removeAccount(id: Account.ID) throws
}
