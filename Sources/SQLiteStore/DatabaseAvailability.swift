/// Opens the writing connection of a file, retries if that fails, and closes it after a disk error.
///
/// There is at most one attempt a second, so that requests do not wait for a lock one after the
/// other, or try a full disk once each.
struct DatabaseAvailability {
    private let path: String
    private let cache: Int
    private let onEvent: @Sendable (SQLiteStoreEvent) -> Void
    private var openWriter: Writer?
    private var isClosed = false
    /// Whether the file has been open before.
    ///
    /// If it is missing later, its disk is not mounted. An empty database created in its place
    /// would receive the writes that belong to the real one.
    private var wasOpen = false
    private var failure: (error: any Error, at: ContinuousClock.Instant)?

    init(path: String, cache: Int, onEvent: @escaping @Sendable (SQLiteStoreEvent) -> Void) {
        self.path = path
        self.cache = cache
        self.onEvent = onEvent
    }

    /// Returns the writer, and opens the file if necessary.
    ///
    /// - Throws: The error with which opening failed; `SQLiteStoreError.closed`.
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
            let isReported = failure.map { "\($0.error)" } == "\(error)"
            failure = (error, .now)
            if !isReported { onEvent(.unopened(error)) }
            throw error
        }
    }

    /// Closes the file after a disk error, so that a file system with errors can be remounted.
    ///
    /// SQLite removes the log only once all of it is in the database and synced. On a failing disk
    /// the log stays, and with it the acknowledged writes.
    mutating func close(after error: any Error) {
        openWriter = nil
        failure = (error, .now)
        onEvent(.refused(error))
    }

    /// Closes the file for good.
    mutating func close() {
        isClosed = true
        openWriter = nil
    }
}
