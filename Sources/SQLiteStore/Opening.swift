/// The writer of a file, opened anew with each use for as long as that fails, and given up where the
/// disk refuses it.
///
/// A second passes between two attempts: requests do not wait in a row for a lock, or ask a full
/// disk as often as they come.
struct Opening {
    private let path: String
    private let cache: Int
    private let report: @Sendable (SQLiteStoreIncident) -> Void
    private var writer: Writer?
    private var isClosed = false
    /// Whether the file has been open.
    ///
    /// Where it is missing later, its disk is: an empty database in its place would take what
    /// belongs to the other.
    private var wasOpen = false
    private var failure: (error: any Error, at: ContinuousClock.Instant)?

    init(path: String, cache: Int, report: @escaping @Sendable (SQLiteStoreIncident) -> Void) {
        self.path = path
        self.cache = cache
        self.report = report
    }

    /// The writer, of a file whose tables are those of this version.
    ///
    /// - Throws: Why the file cannot be opened; `SQLiteStoreError.closed`.
    mutating func take() throws -> Writer {
        if let writer { return writer }
        guard !isClosed else { throw SQLiteStoreError.closed }
        if let failure, .now - failure.at < .seconds(1) { throw failure.error }
        do {
            let opened = try Writer(path: path, cache: cache, mayMake: !wasOpen, report: report)
            if wasOpen { try opened.tryDisk() }
            if failure != nil { report(.opened) }
            writer = opened
            wasOpen = true
            failure = nil
            return opened
        } catch {
            let isKnown = failure.map { "\($0.error)" } == "\(error)"
            failure = (error, .now)
            if !isKnown { report(.unopened(error)) }
            throw error
        }
    }

    /// Gives the writer up after a write that the disk has refused, so that a file system with errors
    /// can be mounted anew.
    ///
    /// SQLite removes the log only once all of it is in the database and synced: on such a disk the
    /// log stays, and what was acknowledged in it.
    mutating func giveUp(because error: any Error) {
        writer = nil
        failure = (error, .now)
        report(.refused(error))
    }

    mutating func close() {
        isClosed = true
        writer = nil
    }
}
