/// Reads sessions in a transaction.
public protocol SessionRows {
    /// Returns the session with this ID, even if it has ended, and its account; `nil` if there is
    /// none.
    func session(id: Session.ID) throws -> (session: Session, account: Account)?
    /// Returns the live sessions of an account, with the latest login first.
    func liveSessions(of account: Account.ID, at now: Timestamp) throws -> [Session]
    /// Returns the number of live sessions, at a cost that grows with the number of all sessions.
    func liveSessionCount(at now: Timestamp) throws -> Int64
}
