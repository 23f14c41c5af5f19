import Threads

/// The idle reading connections of a store, and whether the store may be read.
///
/// This is a struct that contains a lock, not a class, so that a read follows fewer references.
struct ReaderPool: Sendable {
    private struct State {
        var idle: [SQLiteRows] = []
        var isClosed = false
        /// Whether the file has the tables of this version and its disk accepts writes.
        ///
        /// The store can be read only if this is true.
        var isOpen = false
        var isCorruptionReported = false

        /// Forbids reading and returns the idle connections.
        ///
        /// The caller closes them after it has released the lock.
        mutating func suspend() -> [SQLiteRows] {
            isOpen = false
            defer { idle = [] }
            return idle
        }
    }

    private let path: String
    private let minimum: Int
    private let state = Guarded(State())

    /// Creates an empty pool for a file that is not open yet.
    ///
    /// - Parameters:
    ///   - path: The path of the file.
    ///   - minimum: The number of connections that `fill` opens.
    init(path: String, minimum: Int) {
        self.path = path
        self.minimum = minimum
    }

    /// Whether the store has been closed.
    var isClosed: Bool { state.withLock(\.isClosed) }

    /// Takes an idle connection from the pool, or opens a new one.
    ///
    /// - Parameter open: Opens the database if it is not open.
    /// - Returns: The connection, which the caller must pass to `giveBack` after use.
    /// - Throws: `SQLiteStoreError.closed`; `SQLiteError`; any error thrown by `open`.
    func take(opening open: () throws -> Void) throws -> SQLiteRows {
        let (idle, isOpen) = try state.withLock { state in
            guard !state.isClosed else { throw SQLiteStoreError.closed }
            // Take the connection that was returned last, because it has the warmest cache.
            return (state.idle.popLast(), state.isOpen)
        }
        if let idle { return idle }
        if !isOpen {
            try open()
            if let opened = state.withLock({ $0.idle.popLast() }) { return opened }
        }
        return try SQLiteRows(path: path, for: .reading)
    }

    /// Returns a connection to the pool.
    func giveBack(_ rows: SQLiteRows) {
        state.withLock { state in
            // A connection that is still in a transaction would see an old state of the database
            // forever, so it is closed instead.
            guard state.isOpen, !rows.connection.isInTransaction else { return }
            state.idle.append(rows)
        }
    }

    /// Opens idle connections up to the minimum, so that later reads need no new file descriptors.
    ///
    /// If a connection cannot be opened, `take` opens connections when reads need them.
    func fill() {
        while state.withLock({ $0.isOpen && $0.idle.count < minimum }),
            let rows = try? SQLiteRows(path: path, for: .reading)
        { giveBack(rows) }
    }

    /// Allows reading, unless the store has been closed.
    func resume() { state.withLock { $0.isOpen = !$0.isClosed } }

    /// Forbids reading and closes the idle connections, until `resume` is called.
    func suspend() {
        let idle = state.withLock { $0.suspend() }
        _ = consume idle
    }

    /// Forbids reading permanently.
    ///
    /// - Returns: The idle connections, which are closed when the caller releases them.
    func close() -> [SQLiteRows] {
        state.withLock { state in
            state.isClosed = true
            return state.suspend()
        }
    }

    /// Returns true once, for the first corruption that is found in an open file.
    ///
    /// Corruption of a file that cannot be opened is reported as a failure to open it.
    func shouldReportCorruption() -> Bool {
        state.withLock { state in
            defer { if state.isOpen { state.isCorruptionReported = true } }
            return state.isOpen && !state.isCorruptionReported
        }
    }
}
