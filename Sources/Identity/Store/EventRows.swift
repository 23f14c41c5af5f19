/// Reads events in a transaction.
public protocol EventRows {
    /// Returns the newest events that match a filter, in the order in which they happened.
    func events(_ filter: Event.Filter) throws -> [Event]
    /// Returns at most `limit` sessions, each of which has more than `bound` events of the kind
    /// `refresh`.
    func sessions(withMoreRefreshesThan bound: Int, limit: Int) throws -> [Session.ID]
    /// Returns at most `limit` accounts, each of which has more than `bound` events of a kind.
    func accounts(
        withMoreThan bound: Int, of kind: Event.Kind, limit: Int
    ) throws -> [Account.ID]
}
