/// The sessions that can be read in a transaction.
public protocol SessionRows {
    /// The session with this number, ended or not, and its account.
    func session(id: Session.ID) throws -> (session: Session, account: Account)?
    /// The live sessions of an account, the latest login first.
    func liveSessions(of account: Account.ID, at now: Timestamp) throws -> [Session]
    /// The number of live sessions. The cost grows with the number of sessions.
    func liveSessionCount(at now: Timestamp) throws -> Int64
}
