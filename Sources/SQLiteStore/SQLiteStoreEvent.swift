/// The beginning or the end of a problem with the store's file.
///
/// Each event is reported once, not for each request.
public enum SQLiteStoreEvent: Sendable {
    /// The file cannot be opened for this reason; later reads and writes try again.
    case unopened(any Error)
    /// The disk has refused a write for this reason, and the file is closed until it can be
    /// written.
    case refused(any Error)
    /// The file is open again after a failure to open it.
    case opened
    /// Another process has held the write lock for longer than the timeout, and writes are refused.
    case locked
    /// The write lock is free again.
    case unlocked
    /// The file is corrupt, because the file itself or its disk is damaged.
    case damaged(SQLiteError)
}
