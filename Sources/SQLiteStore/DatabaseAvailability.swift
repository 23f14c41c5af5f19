/// Opens the writing connection of a file, retries after a failure, and closes the file after a
/// disk error.
///
/// It makes at most one attempt a second. Without this limit, each request would wait for a lock in
/// turn, or try again to open a file on a full disk.
struct DatabaseAvailability {
    private let path: String
    private let cache: Int
    private let onEvent: @Sendable (SQLiteStoreEvent) -> Void
    private var openWriter: Writer?
    private var isClosed = false
    /// Whether the file has been opened before.
    ///
    /// If the file is missing later, its disk is not mounted. The file is not created again,
    /// because an empty database in its place would receive the writes that belong to the real one.
    private var wasOpen = false
    private var failure: (error: any Error, at: ContinuousClock.Instant)?

    init(path: String, cache: Int, onEvent: @escaping @Sendable (SQLiteStoreEvent) -> Void) {
        self.path = path
        self.cache = cache
        self.onEvent = onEvent
    }

    /// Returns the writer and opens the file if necessary.
    ///
    /// - Throws: The error of the last attempt to open the file; `SQLiteStoreError.closed`.
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
    /// SQLite removes the write-ahead log only after all of its contents are in the database and
    /// synced. On a failing disk, the log stays, and the acknowledged writes stay in it.
    mutating func close(after error: any Error) {
        openWriter = nil
        failure = (error, .now)
        onEvent(.refused(error))
    }

    /// Closes the file permanently.
    mutating func close() {
        isClosed = true
        openWriter = nil
    }
}
