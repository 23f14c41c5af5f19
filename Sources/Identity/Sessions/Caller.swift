/// The account and session that a request's access token identifies.
public struct Caller: Sendable {
    /// The current state of the account.
    public let account: Account
    /// The ID of the session that the access token names.
    public let sessionID: Session.ID
}
