/// The actor who changes an account, as recorded in the event of the change.
struct Author: Sendable {
    private let actor: Event.Actor
    private let address: String
    private let accountID: Account.ID?

    /// Creates an author without an account, such as the operator at the command line.
    init(_ actor: Event.Actor) {
        self.actor = actor
        address = ""
        accountID = nil
    }

    /// Creates an author who is a signed-in administrator.
    init(_ admin: Account.ID, from client: Client) {
        actor = .admin
        address = client.address
        accountID = admin
    }

    /// Returns the event that records a change by this author.
    func event(
        _ kind: Event.Kind, _ account: Account.ID, at now: Timestamp, detail: String = ""
    ) -> Event {
        let by = accountID.map { "by account \($0)" } ?? ""
        return Event(
            kind, by: actor, at: now, account: account, address: address,
            detail: detail + (detail.isEmpty || by.isEmpty ? "" : ", ") + by)
    }
}
