/// Reads and changes sessions in a transaction.
public protocol WritableSessionRows: SessionRows {
    /// Adds a session.
    ///
    /// - Returns: `false` if a session with this ID already exists.
    func addSession(_ session: Session) throws -> Bool
    /// Stores the token family, client and last use of an existing session and, if it has been
    /// ended, the time of its end.
    func updateSession(_ session: Session) throws
    /// Ends the live sessions of an account, except the session `kept` if it is not `nil`.
    ///
    /// - Returns: The IDs of the sessions that were ended.
    func endSessions(
        of account: Account.ID, except kept: Session.ID?, at now: Timestamp
    ) throws -> [Session.ID]
    /// Ends the live sessions of an account, except the `count` newest sessions.
    ///
    /// - Returns: The IDs of the sessions that were ended.
    func endSessions(
        of account: Account.ID, keeping count: Int, at now: Timestamp
    ) throws -> [Session.ID]
    /// Ends all sessions of all accounts that have not been ended yet, including expired sessions.
    ///
    /// - Returns: The IDs of the sessions that were ended, each with the ID of its account.
    func endAllSessions(at now: Timestamp) throws -> [(session: Session.ID, account: Account.ID)]
    /// Deletes at most `limit` sessions that expired before `moment`.
    ///
    /// - Returns: The number of sessions deleted.
    @discardableResult
    func purgeSessions(expiredBefore moment: Timestamp, limit: Int) throws -> Int
}
