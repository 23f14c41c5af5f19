// What changes an account or ends its sessions, with its event, inside a transaction.
extension WritableRows {
    /// Gives an account a role, and ends its sessions if that takes something from it.
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

    /// Shuts an account out, which ends its sessions, or lets it in again.
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

/// Who changes an account.
struct Author: Sendable {
    private let actor: Event.Actor
    private let address: String
    private let accountID: Account.ID?

    /// Somebody who is not signed in here.
    init(_ actor: Event.Actor) {
        self.actor = actor
        address = ""
        accountID = nil
    }

    /// An administrator.
    init(_ admin: Account.ID, from client: Client) {
        actor = .admin
        address = client.address
        accountID = admin
    }

    fileprivate func event(
        _ kind: Event.Kind, _ account: Account.ID, at now: Timestamp, detail: String = ""
    ) -> Event {
        let by = accountID.map { "by account \($0)" } ?? ""
        return Event(
            kind, by: actor, at: now, account: account, address: address,
            detail: detail + (detail.isEmpty || by.isEmpty ? "" : ", ") + by)
    }
}
