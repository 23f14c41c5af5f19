/// Reads and adds events in a transaction, and deletes old ones.
public protocol WritableEventRows: EventRows {
    /// Appends an event.
    func record(_ event: Event) throws
    /// Deletes at most `limit` old events, oldest first.
    ///
    /// An event is deleted if it is from before `moment`, or as long as there are more than `bound`
    /// events.
    ///
    /// - Returns: The number of events deleted.
    @discardableResult
    func purgeEvents(before moment: Timestamp, bound: Int, limit: Int) throws -> Int
}
