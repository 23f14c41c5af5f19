// Operations with which signed-in administrators list and change accounts.
extension Accounts {
    /// Returns a page of the accounts whose IDs are greater than `id`, in ascending order of ID.
    ///
    /// - Returns: At most `limit` accounts, and whether more accounts follow.
    public func page(
        after id: Account.ID, limit: Int
    ) async throws -> (accounts: [Account], hasMore: Bool) {
        let found = try await store.read { try $0.accounts(after: id, limit: limit + 1) }
        return (Array(found.prefix(limit)), found.count > limit)
    }

    /// Returns a page of the accounts whose e-mail addresses begin with a prefix, in the order of
    /// the addresses.
    ///
    /// The cost of reading a page does not grow with the number of accounts.
    ///
    /// If the prefix is a whole address in another spelling, its account comes first, in addition
    /// to the page.
    ///
    /// - Returns: The accounts, and the cursor for the next page, which is `nil` on the last page.
    public func page(
        of query: AddressQuery
    ) async throws -> (accounts: [Account], next: AddressCursor?) {
        // Read one account more than fits on the page, to find out whether another page follows.
        let (found, same) = try await store.read { rows in
            (
                try rows.accounts(in: query.range, limit: query.limit + 1),
                try query.wholeAddress.flatMap(rows.account(email:))
            )
        }
        let page = Array(found.prefix(query.limit))
        let hasMore = found.count > page.count
        // An address in another spelling is the beginning of no address, so it comes before those.
        let other = [same].compactMap(\.self).filter { !found.contains($0) }
        return (other + page, hasMore ? page.last.map(AddressCursor.init(behind:)) : nil)
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
