/// The writer of a file, opened anew with each use for as long as that fails, and given up where the
/// disk refuses it.
///
/// A second passes between two attempts: requests do not wait in a row for a lock, or ask a full
/// disk as often as they come.
struct DatabaseAvailability {
    private let path: String
    private let cache: Int
    private let onEvent: @Sendable (SQLiteStoreEvent) -> Void
    private var openWriter: Writer?
    private var isClosed = false
    /// Whether the file has been open.
    ///
    /// Where it is missing later, its disk is: an empty database in its place would take what
    /// belongs to the other.
    private var wasOpen = false
    private var failure: (error: any Error, at: ContinuousClock.Instant)?

    init(path: String, cache: Int, onEvent: @escaping @Sendable (SQLiteStoreEvent) -> Void) {
        self.path = path
        self.cache = cache
        self.onEvent = onEvent
    }

    /// The writer, of a file whose tables are those of this version.
    ///
    /// - Throws: Why the file cannot be opened; `SQLiteStoreError.closed`.
    mutating func writer() throws -> Writer {
        if let openWriter { return openWriter }
        guard !isClosed else { throw SQLiteStoreError.closed }
        if let failure, .now - failure.at < .seconds(1) { throw failure.error }
        do {
            let opened = try Writer(
                path: path, cache: cache, createIfMissing: !wasOpen, onEvent: onEvent)
            if wasOpen { try opened.probeWrite() }
            if failure != nil { onEvent(.opened) }
            openWriter = opened
            wasOpen = true
            failure = nil
            return opened
        } catch {
            let isKnown = failure.map { "\($0.error)" } == "\(error)"
            failure = (error, .now)
            if !isKnown { onEvent(.unopened(error)) }
            throw error
        }
    }

    /// Gives the writer up after a write that the disk has refused, so that a file system with errors
    /// can be mounted anew.
    ///
    /// SQLite removes the log only once all of it is in the database and synced: on such a disk the
    /// log stays, and what was acknowledged in it.
    mutating func close(after error: any Error) {
        openWriter = nil
        failure = (error, .now)
        onEvent(.refused(error))
    }

    mutating func close() {
        isClosed = true
        openWriter = nil
    }
}
