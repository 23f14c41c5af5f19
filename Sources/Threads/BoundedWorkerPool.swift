/// A pool of threads with a bounded queue of jobs.
///
/// The pool keeps blocking jobs off the threads that answer requests. `submit` never blocks. It
/// returns false at once if the queue is full.
public final class BoundedWorkerPool<Job: Sendable>: Sendable {
    private struct State {
        var waiting: [Job] = []
        var isClosed = false
        var refused = 0
    }

    private let state = Guarded(State())
    private let running = Guarded<[Thread]>([])
    private let capacity: Int

    /// Creates a pool and starts its threads, which `close` ends.
    ///
    /// - Parameters:
    ///   - name: The name of the threads in `ps -L`, at most 15 bytes long.
    ///   - threads: The number of threads.
    ///   - niceness: The scheduling priority of the threads (see nice(1)).
    ///   - capacity: The maximum number of jobs in the queue.
    ///   - batch: The maximum number of jobs that a thread takes at once.
    ///   - perform: A closure that runs one to `batch` jobs, in the order in which they were
    ///     submitted.
    /// - Throws: `ThreadError` if the system cannot start a thread.
    public init(
        name: String, threads: Int, niceness: Int32 = 0, capacity: Int, batch: Int = 1,
        perform: @escaping @Sendable ([Job]) -> Void
    ) throws(ThreadError) {
        self.capacity = capacity
        var started: [Thread] = []
        for _ in 0..<threads {
            let thread = try Thread(named: name, niceness: niceness) { [state] in
                while true {
                    let jobs = state.wait(until: { !$0.waiting.isEmpty || $0.isClosed }) { state in
                        let jobs = Array(state.waiting.prefix(batch))
                        state.waiting.removeFirst(jobs.count)
                        return jobs
                    }
                    if jobs.isEmpty { return }
                    perform(jobs)
                }
            }
            started.append(thread)
        }
        running.withLock { $0 = started }
    }

    /// Adds a job, unless the queue is full or the pool is closed.
    ///
    /// - Returns: Whether the job was added.
    public func submit(_ job: Job) -> Bool {
        let isAdded = state.withLock { state in
            guard !state.isClosed, state.waiting.count < capacity else {
                state.refused += 1
                return false
            }
            state.waiting.append(job)
            return true
        }
        if isAdded { state.wakeOne() }
        return isAdded
    }

    /// The number of jobs in the queue, and the number of jobs refused so far.
    public var load: (waiting: Int, refused: Int) {
        state.withLock { ($0.waiting.count, $0.refused) }
    }

    /// Stops accepting jobs, runs the jobs in the queue, and ends the threads.
    public func close() {
        state.withLock { $0.isClosed = true }
        state.wakeAll()
        let ending = running.withLock { running in
            defer { running = [] }
            return running
        }
        for thread in ending { thread.join() }
    }
}
