/// The sessions that one act ends.
enum SessionSelection {
    /// One session.
    case one(Session)
    /// The live sessions of an account, except one that may be kept.
    case ofAccount(Account.ID, except: Session.ID? = nil)
    /// The live sessions of an account, except its newest ones.
    case ofAccountBeyondNewest(Account.ID, keeping: Int)
    /// All sessions of all accounts that have not ended, including those that have expired.
    case all
}
