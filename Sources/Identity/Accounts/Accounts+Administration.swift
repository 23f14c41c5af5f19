// What administrators can list and change while they are signed in.
extension Accounts {
    /// The accounts whose numbers are greater than `id`, in ascending order.
    ///
    /// - Returns: At most `limit` accounts, and whether there are more.
    public func page(
        after id: Account.ID, limit: Int
    ) async throws -> (accounts: [Account], hasMore: Bool) {
        let found = try await store.read { try $0.accounts(after: id, limit: limit + 1) }
        return (Array(found.prefix(limit)), found.count > limit)
    }

    /// The accounts whose e-mail addresses begin with a prefix, in the order of the addresses.
    ///
    /// The cost of a page does not grow with the number of accounts.
    ///
    /// - Returns: The page, and the cursor of the next one; `nil` after the last page.
    public func page(
        of query: AddressQuery
    ) async throws -> (accounts: [Account], next: AddressCursor?) {
        // One more than the page holds, to find out whether there is another page.
        let found = try await store.read { rows in
            try rows.accounts(in: query.range, limit: query.limit + 1)
        }
        let page = Array(found.prefix(query.limit))
        let hasMore = found.count > page.count
        return (page, hasMore ? page.last.map(AddressCursor.init(behind:)) : nil)
    }

    /// Changes an account's role, or disables or enables it; `nil` keeps the current value.
    ///
    /// The account's sessions end if it loses a right. Administrators cannot demote or disable
    /// themselves, so one always remains; when two demote each other, the second is refused.
    ///
    /// - Throws: `AuthError.accountNotFound`; `insufficientRole` if the caller is no longer an
    ///   administrator; `cannotDemoteSelf`.
    public func change(
        _ id: Account.ID, role: Role?, isDisabled: Bool?, by admin: Caller, from client: Client,
        at now: Timestamp
    ) async throws {
        try await store.write { rows in
            // The caller was looked up before this transaction and may have changed since.
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
