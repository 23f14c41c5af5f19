/// A pool of threads with a bounded queue of jobs.
///
/// The pool keeps blocking jobs off the threads that answer requests. `submit` never blocks. If
/// the queue is full, `submit` returns the job for which there is no room.
public final class BoundedWorkerPool<Queue: JobQueue>: Sendable {
    private struct State {
        var waiting: Queue
        var isClosed = false
        var refused = 0
    }

    private let state: Guarded<State>
    private let running = Guarded<[Thread]>([])

    /// Creates a pool and starts its threads, which `close` ends.
    ///
    /// - Parameters:
    ///   - name: The name of the threads in `ps -L`, at most 15 bytes long.
    ///   - threads: The number of threads.
    ///   - niceness: The scheduling priority of the threads (see nice(1)).
    ///   - queue: The empty queue, which bounds and orders the waiting jobs.
    ///   - batch: The maximum number of jobs that a thread takes at once.
    ///   - perform: A closure that runs one to `batch` jobs, in the order of the queue.
    /// - Throws: `ThreadError` if the system cannot start a thread.
    public init(
        name: String, threads: Int, niceness: Int32 = 0, queue: Queue, batch: Int = 1,
        perform: @escaping @Sendable ([Queue.Job]) -> Void
    ) throws(ThreadError) {
        let state = Guarded(State(waiting: queue))
        self.state = state
        var started: [Thread] = []
        for _ in 0..<threads {
            let thread = try Thread(named: name, niceness: niceness) {
                while true {
                    let jobs = state.wait(until: { $0.waiting.count > 0 || $0.isClosed }) {
                        $0.waiting.removeNext(batch)
                    }
                    if jobs.isEmpty { return }
                    perform(jobs)
                }
            }
            started.append(thread)
        }
        running.withLock { $0 = started }
    }

    /// Adds a job, unless the pool is closed or the queue has no room for it.
    ///
    /// - Returns: The job that will not run: either `job` itself, or a waiting job whose place
    ///   `job` takes; `nil` if `job` and all waiting jobs will run.
    public func submit(_ job: Queue.Job) -> Queue.Job? {
        let refused = state.withLock { state in
            let refused = state.isClosed ? job : state.waiting.add(job)
            if refused != nil { state.refused += 1 }
            return refused
        }
        if refused == nil { state.wakeOne() }
        return refused
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
