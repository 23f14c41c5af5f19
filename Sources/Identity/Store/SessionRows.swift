/// Reads sessions in a transaction.
public protocol SessionRows {
    /// Returns the session with this ID, even if it has ended, and its account; `nil` if no session
    /// has this ID.
    func session(id: Session.ID) throws -> (session: Session, account: Account)?
    /// Returns the live sessions of an account, with the latest login first.
    func liveSessions(of account: Account.ID, at now: Timestamp) throws -> [Session]
    /// Returns the number of sessions that have not been ended, at a cost that does not grow with
    /// that number.
    ///
    /// An expired session counts until it is purged.
    func openSessionCount() throws -> Int64
}
