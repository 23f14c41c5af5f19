/// The sessions to end in one operation.
enum SessionSelection {
    /// One session.
    case one(Session)
    /// The live sessions of an account, except the session `except` if it is not `nil`.
    case ofAccount(Account.ID, except: Session.ID? = nil)
    /// The live sessions of an account, except the `keeping` newest ones.
    case ofAccountBeyondNewest(Account.ID, keeping: Int)
    /// All sessions of all accounts that have not ended, including those that have expired.
    case all
}
