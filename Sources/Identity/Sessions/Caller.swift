/// The account and session that a request's access token identifies.
public struct Caller: Sendable {
    /// The account as it is now.
    public let account: Account
    /// The session that the access token names.
    public let sessionID: Session.ID
}
