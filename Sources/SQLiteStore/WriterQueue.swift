import Identity
import Metrics
import Threads

/// The queue of waiting writes, and the single thread that commits them in groups.
struct WriterQueue: Sendable {
    private let availability: Guarded<DatabaseAvailability>
    private let pool: BoundedWorkerPool<FirstInFirstOut<Writer.Write>>
    private let commits = Guarded(StoreStatistics())
    private let lastCommitFailed = Guarded(false)

    /// Starts the thread that commits writes.
    ///
    /// The file is opened by `open` or by the first write.
    ///
    /// - Parameters:
    ///   - availability: Opens and closes the writing connection.
    ///   - capacity: The maximum number of waiting writes.
    ///   - onDiskFailure: Called after the disk has refused a commit, before the file is closed.
    /// - Throws: `ThreadError`.
    init(
        _ availability: sending DatabaseAvailability, capacity: Int,
        onDiskFailure: @escaping @Sendable () -> Void
    ) throws {
        let availability = Guarded(availability)
        self.availability = availability
        pool = try BoundedWorkerPool(
            name: "store writer", threads: 1, queue: FirstInFirstOut(capacity: capacity), batch: 128
        ) { [commits, lastCommitFailed] writes in
            availability.withLock { availability in
                do {
                    let writer = try availability.writer()
                    let changes = writer.rows.connection.totalChanges
                    writer.commit(writes) { isCommitted in
                        commits.withLock { commits in
                            commits.groups.record(writes.count)
                            if !isCommitted { commits.failures += 1 }
                        }
                        // A commit without changes does not reach the disk, so its success says
                        // nothing about the disk.
                        if !isCommitted || writer.rows.connection.totalChanges != changes {
                            lastCommitFailed.withLock { $0 = !isCommitted }
                        }
                    }
                    if let diskError = writer.diskError {
                        onDiskFailure()
                        availability.close(after: diskError)
                    }
                } catch {
                    for write in writes { write.fail(error) }
                }
            }
        }
    }

    /// Opens the file unless it is open; waits if another thread is opening it.
    ///
    /// - Parameter onOpen: Called once the file is open, while no other thread can close it.
    /// - Throws: `SQLiteError`; `SQLiteStoreError`.
    func open(onOpen: () -> Void) throws {
        try availability.withLock { availability in
            _ = try availability.writer()
            onOpen()
        }
    }

    /// Adds a write to the queue.
    ///
    /// - Returns: `false` if the queue is full or closed.
    func submit(_ write: Writer.Write) -> Bool { pool.submit(write) == nil }

    /// Whether the last commit that had changes failed.
    var isFailing: Bool { lastCommitFailed.withLock { $0 } }

    /// The statistics of the commits, and the number of waiting writes.
    var statistics: StoreStatistics {
        var statistics = commits.withLock { $0 }
        statistics.waiting = pool.load.waiting
        return statistics
    }

    /// Commits the waiting writes, ends the thread and closes the file permanently.
    func close() {
        pool.close()
        availability.withLock { $0.close() }
    }
}
