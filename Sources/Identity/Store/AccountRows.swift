/// The accounts that can be read in a transaction.
public protocol AccountRows {
    /// The account with this number.
    func account(id: Account.ID) throws -> Account?
    /// The account with this e-mail address, compared without regard to ASCII case.
    func account(email: String) throws -> Account?
    /// The hash of an account's password in crypt(5) form, such as `$2b$10$…`.
    func passwordHash(of account: Account.ID) throws -> String?
    /// All accounts, ordered by number.
    func accounts() throws -> [Account]
    /// The first `limit` accounts whose numbers are greater than `id`, ordered by number.
    func accounts(after id: Account.ID, limit: Int) throws -> [Account]
    /// The first `limit` accounts in a range of addresses, in the range's order.
    ///
    /// The cost grows with `limit`, not with the number of accounts.
    func accounts(in range: AddressRange, limit: Int) throws -> [Account]
}
