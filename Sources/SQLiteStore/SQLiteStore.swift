import Directory
public import Identity

/// A store for accounts, sessions, events and people in an SQLite database file.
///
/// Reads run on the caller's thread, each on its own connection, and never wait for a write. All
/// writes run on one thread, which commits them in groups of up to 128. Other processes may have
/// the file open. A write waits up to 5 seconds for a lock that another process holds. After such a
/// timeout, later writes wait only 0.1 seconds, until one of them gets the lock.
///
/// ```swift
/// let store = try SQLiteStore(path: "/var/lib/gatehouse/gatehouse.sqlite")
/// defer { store.close() }
/// let person = try await store.read { rows in try rows.person(id: 1) }
/// ```
public final class SQLiteStore: Store, Sendable {
    private let readers: ReaderPool
    private let writers: WriterQueue
    private let onEvent: @Sendable (SQLiteStoreEvent) -> Void

    /// SQLite's default cache size, in KiB.
    public static let defaultCache = 2000

    /// Opens a database file and brings its tables to the version of this program.
    ///
    /// A missing file is created with mode 0600.
    ///
    /// - Parameters:
    ///   - path: The path of the file. SQLite keeps two more files beside it, whose names are the
    ///     file's name with `-wal` and `-shm` appended.
    ///   - capacity: The maximum number of writes that wait for their commit.
    ///   - cache: How much of the file the writer may keep in memory, in KiB.
    ///   - readers: The number of connections for reading that are opened together with the file.
    ///     More are opened if more reads run at the same time.
    ///   - retriesOpening: If true, opening failures are not thrown. Instead, reads and writes fail
    ///     until a retry succeeds. There is at most one retry a second.
    ///   - onEvent: Called when a problem with the file begins and when it ends.
    /// - Throws: `SQLiteError`; `SQLiteStoreError.newerDatabase` if the file was made by a newer
    ///   version of this program; `ThreadError`.
    public init(
        path: String, capacity: Int = 4096, cache: Int = defaultCache, readers: Int = 0,
        retriesOpening: Bool = false,
        onEvent: @escaping @Sendable (SQLiteStoreEvent) -> Void = { _ in }
    ) throws {
        let readers = ReaderPool(path: path, minimum: readers)
        self.readers = readers
        self.onEvent = onEvent
        writers = try WriterQueue(
            DatabaseAvailability(path: path, cache: cache, onEvent: onEvent), capacity: capacity,
            onDiskFailure: readers.suspend)
        do {
            try open()
        } catch {
            guard retriesOpening else { throw error }
        }
    }

    deinit { close() }

    /// Commits the waiting writes, then closes the file.
    ///
    /// Later reads and writes fail.
    ///
    /// When the last connection of all processes is closed, SQLite moves the contents of the
    /// write-ahead log into the database file and removes the log.
    public func close() {
        let idle = readers.close()
        writers.close()
        _ = consume idle
    }

    /// Runs a body on one consistent state of the store, on the caller's thread, without
    /// suspending.
    ///
    /// - Throws: Any error thrown by the body; `SQLiteError`; `SQLiteStoreError.closed`.
    public func read<Result: Sendable>(
        _ body: @escaping @Sendable (any Rows) throws -> Result
    ) async throws -> Result {
        try reportingCorruption {
            let rows = try readers.take(opening: open)
            defer { readers.giveBack(rows) }
            return try rows.read(body)
        }
    }

    /// Looks up the status of a session on the caller's thread, without suspending.
    ///
    /// - Throws: `SQLiteError`; `SQLiteStoreError.closed`.
    public func status(of session: Session.ID) async throws -> SessionStatus? {
        try reportingCorruption {
            let rows = try readers.take(opening: open)
            defer { readers.giveBack(rows) }
            return try rows.status(of: session)
        }
    }

    /// Runs a body in a transaction and returns once its changes are on disk.
    ///
    /// - Throws: Any error thrown by the body; `SQLiteError`; `AuthError.busy` if too many writes
    ///   wait or another process holds the lock; `SQLiteStoreError.closed`. After the last two
    ///   errors, the body has not run.
    public func write<Result: Sendable>(
        _ body: @escaping @Sendable (any WritableRows) throws -> Result
    ) async throws -> Result {
        do {
            return try await withCheckedThrowingContinuation { continuation in
                let write = Writer.Write(body) { outcome in continuation.resume(with: outcome) }
                guard writers.submit(write) else {
                    return write.fail(
                        readers.isClosed ? SQLiteStoreError.closed : AuthError.busy)
                }
            }
        } catch {
            reportCorruption(error)
            throw error
        }
    }

    /// Checks that the store can be read and that a write can begin.
    ///
    /// If the last commit failed, this method also checks that a commit succeeds.
    ///
    /// - Throws: `SQLiteError`; `AuthError.busy`; `SQLiteStoreError.closed`.
    public func check() async throws {
        _ = try await read { rows in try rows.person(id: 1) }
        let isFailing = writers.isFailing
        try await write { rows in
            // The frequent health checks should not cause writes to a healthy disk.
            if isFailing, let rows = rows as? SQLiteRows { try rows.touch() }
        }
    }

    /// The statistics of the commits since the store was opened, and the number of waiting writes.
    public var statistics: StoreStatistics { writers.statistics }

    private func open() throws {
        try writers.open(onOpen: readers.resume)
        readers.fill()
    }

    private func reportingCorruption<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch {
            reportCorruption(error)
            throw error
        }
    }

    /// Reports an error caused by corruption, unless corruption has already been reported.
    ///
    /// The file stays open after the report, and only the requests that read a corrupt part of it
    /// fail.
    private func reportCorruption(_ error: any Error) {
        guard let error = error as? SQLiteError, error.isDamage else { return }
        if readers.shouldReportCorruption() { onEvent(.damaged(error)) }
    }
}
