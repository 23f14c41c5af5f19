/// The changes to events that can be made in a transaction.
public protocol WritableEventRows: EventRows {
    /// Appends an event.
    func record(_ event: Event) throws
    /// Deletes at most `limit` events, oldest first: those from before a moment, and those by
    /// which the total exceeds `bound`.
    ///
    /// - Returns: The number of events deleted.
    @discardableResult
    func purgeEvents(before moment: Timestamp, bound: Int, limit: Int) throws -> Int
}
