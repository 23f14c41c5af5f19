/// A problem with the store's file, or its end.
///
/// It is reported once and not for each request.
public enum SQLiteStoreEvent: Sendable {
    /// The file cannot be opened, for this reason. The store retries when it is used.
    case unopened(any Error)
    /// The disk has refused a write, for this reason. The file is closed until it can be written.
    case refused(any Error)
    /// The file is open again after it could not be opened.
    case opened
    /// Another process has held the write lock for longer than the timeout. Writes are refused.
    case locked
    /// The write lock is free again.
    case unlocked
    /// The file is corrupt: it, or the disk below it, is damaged.
    case damaged(SQLiteError)
}
