/// Reads and adds events in a transaction, and deletes old ones.
public protocol WritableEventRows: EventRows {
    /// Appends an event.
    func record(_ event: Event) throws
    /// Deletes at most `limit` events that happened before `moment`, oldest first.
    ///
    /// - Returns: The number of events deleted.
    @discardableResult
    func purgeEvents(before moment: Timestamp, limit: Int) throws -> Int
    /// Deletes at most `limit` events of a kind, oldest first, and keeps the newest `bound` events
    /// of the kind.
    ///
    /// This method deletes no events of the kind `refresh`.
    ///
    /// - Returns: The number of events deleted.
    @discardableResult
    func purgeEvents(of kind: Event.Kind, keeping bound: Int, limit: Int) throws -> Int
    /// Deletes at most `limit` refreshes of a session, oldest first, and keeps its newest `bound`
    /// ones.
    ///
    /// - Returns: The number of events deleted.
    @discardableResult
    func purgeRefreshes(ofSession id: Session.ID, keeping bound: Int, limit: Int) throws -> Int
    /// Deletes at most `limit` events of a kind and of an account, oldest first, and keeps the
    /// newest `bound` of these events.
    ///
    /// - Returns: The number of events deleted.
    @discardableResult
    func purgeEvents(
        of kind: Event.Kind, ofAccount id: Account.ID, keeping bound: Int, limit: Int
    ) throws -> Int
}
