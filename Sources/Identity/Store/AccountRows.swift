/// Reads accounts in a transaction.
public protocol AccountRows {
    /// Returns the account with this ID; `nil` if none exists.
    func account(id: Account.ID) throws -> Account?
    /// Returns the account with this e-mail address; `nil` if none exists.
    ///
    /// An account with exactly this spelling takes precedence over an account that only has the
    /// same key (`Account.addressKey`).
    func account(email: String, addressKey: String) throws -> Account?
    /// Returns the hash of an account's password in crypt(5) form, such as `$2b$10$…`; `nil` if the
    /// account does not exist.
    func passwordHash(of account: Account.ID) throws -> String?
    /// Returns when an account got its present password; `nil` if the account does not exist.
    ///
    /// A new hash of the same password does not change this time.
    func passwordSetAt(of account: Account.ID) throws -> Timestamp?
    /// Returns the number of accounts, at a cost that does not grow with that number.
    func accountCount() throws -> Int
    /// Returns all accounts, ordered by ID.
    func accounts() throws -> [Account]
    /// Returns the first `limit` accounts whose IDs are greater than `id`, ordered by ID.
    func accounts(after id: Account.ID, limit: Int) throws -> [Account]
    /// Returns the first `limit` accounts in a range of e-mail addresses, ordered by address.
    ///
    /// The cost grows with `limit`, not with the number of accounts.
    func accounts(in range: AddressRange, limit: Int) throws -> [Account]
    /// Returns the first `limit` words in a range, in order, each with the account whose e-mail
    /// address contains the word.
    ///
    /// The cost grows with `limit`, not with the number of accounts.
    func accounts(
        in range: AddressWordRange, limit: Int
    ) throws -> [(word: String, account: Account)]
}

extension AccountRows {
    /// Returns the account with this e-mail address in any spelling; `nil` if none exists.
    public func account(email: String) throws -> Account? {
        try account(email: email, addressKey: Account.addressKey(of: email))
    }
}
