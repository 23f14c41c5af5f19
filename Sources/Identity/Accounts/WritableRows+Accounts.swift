// Changes to an account in a transaction. All except `replacePassword` also record an event.
extension WritableRows {
    /// Replaces an account's password.
    ///
    /// Earlier failed attempts on the account no longer count.
    func replacePassword(with hash: String, of account: Account.ID, at now: Timestamp) throws {
        try setPasswordHash(hash, of: account)
        try setPasswordTime(now, of: account)
    }

    /// Changes an account's role, and ends the account's sessions if the account loses a right.
    func setRole(
        _ role: Role, of account: inout Account, by author: Author, at now: Timestamp
    ) throws {
        guard account.role != role else { return }
        let event = author.event(
            .roleChanged, account.id, at: now,
            detail: "\(account.role.rawValue) to \(role.rawValue)")
        let isLess = !role.includes(account.role)
        account.role = role
        try record(event)
        if isLess { try end(.ofAccount(account.id), recording: event.endingSessions) }
    }

    /// Disables an account, which ends its sessions, or enables it again.
    func setDisabled(
        _ isDisabled: Bool, of account: inout Account, by author: Author, at now: Timestamp
    ) throws {
        guard account.isDisabled != isDisabled else { return }
        let event = author.event(isDisabled ? .disabled : .enabled, account.id, at: now)
        account.isDisabled = isDisabled
        try record(event)
        if isDisabled { try end(.ofAccount(account.id), recording: event.endingSessions) }
    }
}
