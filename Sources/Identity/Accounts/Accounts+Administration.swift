// Operations with which signed-in administrators list and change accounts.
extension Accounts {
    /// Returns a page of the accounts whose IDs are greater than `id`, in ascending order of ID.
    ///
    /// - Returns: At most `limit` accounts, whether more accounts follow, and how many there are in
    ///   all.
    public func page(
        after id: Account.ID, limit: Int
    ) async throws -> (accounts: [Account], hasMore: Bool, total: Int) {
        try await store.read { rows in
            let found = try rows.accounts(after: id, limit: limit + 1)
            return (Array(found.prefix(limit)), found.count > limit, try rows.accountCount())
        }
    }

    /// Returns a page of the accounts in whose e-mail addresses any word begins with a prefix.
    ///
    /// Accounts whose address begins with the prefix come first, in the order of the addresses.
    /// Accounts in whose address only a later word begins with the prefix follow.
    ///
    /// The cost of reading a page does not grow with the number of accounts. An account that an
    /// earlier match has already returned is skipped, so a page may have fewer accounts than its
    /// limit, or none, although more pages follow.
    ///
    /// If the prefix is a whole address, spelled differently from the address of its account, that
    /// account comes first on the first page, which may then exceed its limit by one.
    ///
    /// - Returns: The accounts, and the cursor for the next page, which is `nil` on the last page.
    public func page(
        of query: AddressQuery
    ) async throws -> (accounts: [Account], next: AddressCursor?) {
        try await store.read { rows in
            var page: [Account] = []
            var left = query.limit
            // Read one account more than fits on the page, to find out whether another page
            // follows.
            if let addresses = query.addresses {
                let found = try rows.accounts(in: addresses, limit: left + 1)
                // The prefix can be a whole address that its account has in another spelling. The
                // range does not contain that account, so it is added before the others.
                let same = try query.wholeAddress.flatMap(rows.account(email:))
                if let same, !found.contains(same) { page.append(same) }
                page += found.prefix(left)
                if found.count > left { return (page, page.last.map(AddressCursor.init(behind:))) }
                left -= found.count
            }
            guard let words = query.words else { return (page, nil) }
            let found = try rows.accounts(in: words, limit: left + 1)
            for (word, account) in found.prefix(left) where !query.hasFound(account, before: word) {
                page.append(account)
            }
            guard found.count > left else { return (page, nil) }
            let last = found.prefix(left).last
            return (
                page,
                AddressCursor(
                    behindWord: last?.word ?? words.key, of: last?.account.id ?? words.id)
            )
        }
    }

    /// Changes an account's role, or disables or enables the account.
    ///
    /// A parameter that is `nil` keeps the current value.
    ///
    /// The account's sessions end if the account loses a right. Administrators cannot demote or
    /// disable themselves, so at least one administrator always remains. If two administrators
    /// demote each other, the second change is refused.
    ///
    /// - Throws: `AuthError.accountNotFound`; `AuthError.insufficientRole` if the caller is no
    ///   longer an administrator; `AuthError.cannotDemoteSelf`.
    public func change(
        _ id: Account.ID, role: Role?, isDisabled: Bool?, by admin: Caller, from client: Client,
        at now: Timestamp
    ) async throws {
        try await store.write { rows in
            // The caller's account was read before this transaction and may have changed since
            // then.
            guard let own = try rows.account(id: admin.account.id), own.role == .admin,
                !own.isDisabled
            else { throw AuthError.insufficientRole }
            guard var account = try rows.account(id: id) else { throw AuthError.accountNotFound }
            let author = Author(own.id, from: client)
            if let role { try rows.setRole(role, of: &account, by: author, at: now) }
            if let isDisabled {
                try rows.setDisabled(isDisabled, of: &account, by: author, at: now)
            }
            guard account.id != own.id || account == own else { throw AuthError.cannotDemoteSelf }
            try rows.updateAccount(account)
        }
    }
}
