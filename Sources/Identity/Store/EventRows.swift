/// Reads events in a transaction.
public protocol EventRows {
    /// Returns the newest events that match a filter, in the order in which they happened.
    func events(_ filter: Event.Filter) throws -> [Event]
}
