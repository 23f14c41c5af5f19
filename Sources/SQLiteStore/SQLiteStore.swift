import Directory
public import Identity
public import Metrics
import Threads

/// Accounts, sessions, events and people in an SQLite file.
///
/// Reads run on the thread that asks, each on a connection of its own, and never wait for a write.
/// One thread writes and commits in groups of up to 128. Other processes may have the file open: a
/// write waits up to 5 seconds for theirs; after one that has waited in vain, a tenth of a second.
///
/// ```swift
/// let store = try SQLiteStore(path: "/var/lib/gatehouse/gatehouse.sqlite")
/// defer { store.close() }
/// let person = try await store.read { rows in try rows.person(id: 1) }
/// ```
public final class SQLiteStore: Store, Sendable {
    private struct Readers {
        var idle: [SQLiteRows] = []
        var isClosed = false
        /// Whether the file has its tables and its disk takes writes; else nothing is read.
        var isOpen = false
        var isCorruptionReported = false

        /// Gives out the connections that wait, to be closed where no lock is held.
        mutating func leave() -> [SQLiteRows] {
            isOpen = false
            defer { idle = [] }
            return idle
        }
    }

    /// What the store has done since it was opened.
    public struct Statistics: Sendable {
        /// How many writes shared a commit.
        public internal(set) var groups = Histogram(exponents: 0...7)
        /// How many commits failed, with all their writes.
        public internal(set) var failures = 0
        /// How many writes wait for their commit now.
        public internal(set) var waiting = 0
    }

    private let path: String
    private let commits: Guarded<Statistics>
    /// Whether the last commit that had something to write has failed.
    private let isFailing: Guarded<Bool>
    private let readers: Guarded<Readers>
    private let pool: BoundedWorkerPool<Write>
    private let availability: Guarded<DatabaseAvailability>
    private let onEvent: @Sendable (SQLiteStoreEvent) -> Void

    /// SQLite's own measure of a cache, in KiB.
    public static let usualCache = 2000

    /// Opens a database file, or makes one of mode 0600, and brings its tables to this version.
    ///
    /// - Parameters:
    ///   - path: The file; beside it SQLite keeps two more, `-wal` and `-shm`.
    ///   - capacity: How many writes may wait for their commit.
    ///   - cache: How much of the file the writer may keep in memory, in KiB.
    ///   - retriesOpening: Whether a file that cannot be opened is no error: what is asked of the store
    ///     fails until it can, and that is tried again at most once a second.
    ///   - onEvent: Hears of trouble with the file, and of its end.
    /// - Throws: `SQLiteError`; `SQLiteStoreError.newerDatabase` when the file is from a newer
    ///   version; `ThreadError`.
    public init(
        path: String, capacity: Int = 4096, cache: Int = usualCache, retriesOpening: Bool = false,
        onEvent: @escaping @Sendable (SQLiteStoreEvent) -> Void = { _ in }
    ) throws {
        let availability = Guarded(DatabaseAvailability(path: path, cache: cache, onEvent: onEvent))
        let commits = Guarded(Statistics())
        let isFailing = Guarded(false)
        let readers = Guarded(Readers())
        self.readers = readers
        self.path = path
        self.commits = commits
        self.isFailing = isFailing
        self.availability = availability
        self.onEvent = onEvent
        pool = try BoundedWorkerPool(
            name: "store writer", threads: 1, capacity: capacity, batch: 128
        ) { writes in
            availability.withLock { availability in
                do {
                    let writer = try availability.writer()
                    let changes = writer.rows.connection.totalChanges
                    writer.commit(writes) { isCommitted in
                        commits.withLock { commits in
                            commits.groups.record(writes.count)
                            if !isCommitted { commits.failures += 1 }
                        }
                        // A commit of nothing says nothing of the disk.
                        if !isCommitted || writer.rows.connection.totalChanges != changes {
                            isFailing.withLock { $0 = !isCommitted }
                        }
                    }
                    if let refusal = writer.refusal {
                        _ = readers.withLock { $0.leave() }
                        availability.close(after: refusal)
                    }
                } catch {
                    for write in writes { write.fail(error) }
                }
            }
        }
        do {
            try open()
        } catch {
            guard retriesOpening else { throw error }
        }
    }

    deinit { close() }

    /// Commits the writes that wait, then closes the file; what is asked for later is refused.
    ///
    /// The last connection of all processes moves the write-ahead log into the database file and
    /// removes it.
    public func close() {
        let idle = readers.withLock { readers in
            readers.isClosed = true
            return readers.leave()
        }
        pool.close()
        availability.withLock { $0.close() }
        _ = consume idle
    }

    /// Runs a body on one consistent state, on the caller's thread, without suspending.
    ///
    /// - Throws: What the body throws; `SQLiteError`; `SQLiteStoreError.closed`.
    public func read<Result: Sendable>(
        _ body: @escaping @Sendable (any Rows) throws -> Result
    ) async throws -> Result {
        try reportingCorruption {
            let rows = try takeReader()
            defer { giveBack(rows) }
            return try rows.read(body)
        }
    }

    /// Looks up how a session stands on the caller's thread, without suspending.
    ///
    /// - Throws: `SQLiteError`; `SQLiteStoreError.closed`.
    public func status(of session: Session.ID) async throws -> SessionStatus? {
        try reportingCorruption {
            let rows = try takeReader()
            defer { giveBack(rows) }
            return try rows.status(of: session)
        }
    }

    /// Runs a body in a transaction and returns once it is on disk.
    ///
    /// - Throws: What the body throws; `SQLiteError`; `AuthError.busy` when too many writes wait, or
    ///   `SQLiteStoreError.closed`, and then the body has not run.
    public func write<Result: Sendable>(
        _ body: @escaping @Sendable (any WritableRows) throws -> Result
    ) async throws -> Result {
        do {
            return try await withCheckedThrowingContinuation { continuation in
                let write = Write(body) { outcome in continuation.resume(with: outcome) }
                guard pool.submit(write) else {
                    let isClosed = readers.withLock(\.isClosed)
                    return write.fail(isClosed ? SQLiteStoreError.closed : AuthError.busy)
                }
            }
        } catch {
            reportCorruption(error)
            throw error
        }
    }

    /// Fails where the store cannot be read, or no write can begin or, after one that failed, end.
    ///
    /// - Throws: `SQLiteError`; `AuthError.busy`; `SQLiteStoreError.closed`.
    public func check() async throws {
        _ = try await read { rows in try rows.person(id: 1) }
        let isFailing = isFailing.withLock { $0 }
        try await write { rows in
            // Whoever asks often should not keep a sound disk at work.
            if isFailing, let rows = rows as? SQLiteRows { try rows.touch() }
        }
    }

    /// What the store has done since it was opened.
    public var statistics: Statistics {
        var statistics = commits.withLock { $0 }
        statistics.waiting = pool.load.waiting
        return statistics
    }

    /// Opens the file where that has not been done, or waits while another thread does.
    private func open() throws {
        try availability.withLock { availability in
            _ = try availability.writer()
            readers.withLock { $0.isOpen = !$0.isClosed }
        }
    }

    private func takeReader() throws -> SQLiteRows {
        let (idle, isOpen) = try readers.withLock { readers in
            guard !readers.isClosed else { throw SQLiteStoreError.closed }
            // The last one given back has the warmest cache.
            return (readers.idle.popLast(), readers.isOpen)
        }
        if let idle { return idle }
        if !isOpen { try open() }
        return try SQLiteRows(path: path, for: .reading)
    }

    private func giveBack(_ rows: SQLiteRows) {
        readers.withLock { readers in
            // What has not left its transaction sees the past for ever: closed, not kept.
            guard readers.isOpen, !rows.connection.isInTransaction else { return }
            readers.idle.append(rows)
        }
    }

    private func reportingCorruption<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch {
            reportCorruption(error)
            throw error
        }
    }

    /// Tells of damage once: from then on, each request that meets it fails for itself.
    private func reportCorruption(_ error: any Error) {
        guard let error = error as? SQLiteError, error.isDamage else { return }
        let needsConfirmation = readers.withLock { readers in
            // What cannot be opened is told of as that.
            defer { if readers.isOpen { readers.isCorruptionReported = true } }
            return readers.isOpen && !readers.isCorruptionReported
        }
        if needsConfirmation { onEvent(.damaged(error)) }
    }
}
