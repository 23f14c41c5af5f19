/// Who changes an account, for the event of the change.
struct Author: Sendable {
    private let actor: Event.Actor
    private let address: String
    private let accountID: Account.ID?

    /// An actor without an account, such as the operator at the command line.
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

    /// The event of a change by this author.
    func event(
        _ kind: Event.Kind, _ account: Account.ID, at now: Timestamp, detail: String = ""
    ) -> Event {
        let by = accountID.map { "by account \($0)" } ?? ""
        return Event(
            kind, by: actor, at: now, account: account, address: address,
            detail: detail + (detail.isEmpty || by.isEmpty ? "" : ", ") + by)
    }
}
