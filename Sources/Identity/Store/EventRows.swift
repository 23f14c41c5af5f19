/// The events that can be read in a transaction.
public protocol EventRows {
    /// The newest events that pass a filter, in the order in which they happened.
    func events(_ filter: Event.Filter) throws -> [Event]
}
