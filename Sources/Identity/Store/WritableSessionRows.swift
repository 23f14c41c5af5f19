/// The changes to sessions that can be made in a transaction.
public protocol WritableSessionRows: SessionRows {
    /// Adds a session.
    ///
    /// - Returns: `false` if the number is taken.
    func addSession(_ session: Session) throws -> Bool
    /// Stores the session's token family, client, last use and end. The number must exist.
    func updateSession(_ session: Session) throws
    /// Ends the live sessions of an account, except one that may be kept.
    ///
    /// - Returns: The numbers of the sessions that it ended.
    func endSessions(
        of account: Account.ID, except kept: Session.ID?, at now: Timestamp
    ) throws -> [Session.ID]
    /// Ends the live sessions of an account, except the `count` newest.
    ///
    /// - Returns: The numbers of the sessions that it ended.
    func endSessions(
        of account: Account.ID, keeping count: Int, at now: Timestamp
    ) throws -> [Session.ID]
    /// Ends all sessions of all accounts that have not been ended, expired ones included.
    ///
    /// - Returns: Their numbers and accounts.
    func endAllSessions(at now: Timestamp) throws -> [(session: Session.ID, account: Account.ID)]
    /// Deletes at most `limit` sessions that expired before a moment.
    ///
    /// - Returns: The number of sessions deleted.
    @discardableResult
    func purgeSessions(expiredBefore moment: Timestamp, limit: Int) throws -> Int
}
