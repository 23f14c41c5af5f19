/// What happened to a store's file that the operator should hear of, once and not with each request.
public enum SQLiteStoreEvent: Sendable {
    /// The file cannot be opened, for this reason; the store tries again as long as it is asked.
    case unopened(any Error)
    /// The disk has refused a write, for this reason; the file is closed until it can be written.
    case refused(any Error)
    /// The file that could not be opened is open.
    case opened
    /// Another process holds the lock for writing longer than we wait; writes are refused.
    case locked
    /// The lock is free again.
    case unlocked
    /// What was read is not what was written: the file, or the disk below it, is damaged.
    case damaged(SQLiteError)
}
