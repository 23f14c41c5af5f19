// What administrators see and do from within.
extension Accounts {
    /// The accounts whose numbers are greater than one, in their order.
    ///
    /// - Returns: `limit` of them at most, and whether there are more.
    public func page(
        after id: Account.ID, limit: Int
    ) async throws -> (accounts: [Account], hasMore: Bool) {
        let found = try await store.read { try $0.accounts(after: id, limit: limit + 1) }
        return (Array(found.prefix(limit)), found.count > limit)
    }

    /// The accounts whose e-mail addresses begin with a prefix, in the order of the addresses.
    ///
    /// What a page costs does not grow with the number of accounts.
    ///
    /// - Returns: The page, and the place where the next one begins; `nil` after the last.
    public func page(
        of query: AddressQuery
    ) async throws -> (accounts: [Account], next: AddressCursor?) {
        // One more than wanted, to know whether there is more.
        let found = try await store.read { rows in
            try rows.accounts(in: query.range, limit: query.limit + 1)
        }
        let page = Array(found.prefix(query.limit))
        let hasMore = found.count > page.count
        return (page, hasMore ? page.last.map(AddressCursor.init(behind:)) : nil)
    }

    /// Gives an account a role, shuts it out or lets it in; `nil` leaves what is.
    ///
    /// Its sessions end where that takes something from it. Nobody takes anything from the own
    /// account, so the last administrator stays: of two that take the role from each other, the
    /// second is none any more.
    ///
    /// - Throws: `AuthError.accountNotFound`; `insufficientRole` for whoever is no administrator any
    ///   more; `cannotDemoteSelf`.
    public func change(
        _ id: Account.ID, role: Role?, isDisabled: Bool?, by admin: Caller, from client: Client,
        at now: Timestamp
    ) async throws {
        try await store.write { rows in
            // The caller was looked up before this transaction.
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
