/// A bounded queue and the threads that serve it, apart from the threads that answer requests.
///
/// Whoever submits never waits: a full lane says so at once.
public final class BoundedWorkerPool<Job: Sendable>: Sendable {
    private struct State {
        var waiting: [Job] = []
        var isClosed = false
        var refused = 0
    }

    private let state = Guarded(State())
    private let running = Guarded<[Thread]>([])
    private let capacity: Int

    /// Opens a lane.
    ///
    /// - Parameters:
    ///   - name: What `ps -L` calls its threads; at most 15 bytes.
    ///   - threads: How many threads serve it.
    ///   - niceness: Their scheduling priority, see nice(1).
    ///   - capacity: How many jobs may wait.
    ///   - batch: How many jobs a thread takes at once.
    ///   - serve: Does the jobs it is given, one to `batch` of them in the order of their arrival.
    /// - Throws: `ThreadError` when the system refuses a thread.
    public init(
        name: String, threads: Int, niceness: Int32 = 0, capacity: Int, batch: Int = 1,
        serve: @escaping @Sendable ([Job]) -> Void
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
                    serve(jobs)
                }
            }
            started.append(thread)
        }
        running.withLock { $0 = started }
    }

    /// Adds a job, unless the lane is full or closed.
    ///
    /// - Returns: Whether the lane took the job.
    public func submit(_ job: Job) -> Bool {
        let isTaken = state.withLock { state in
            guard !state.isClosed, state.waiting.count < capacity else {
                state.refused += 1
                return false
            }
            state.waiting.append(job)
            return true
        }
        if isTaken { state.wakeOne() }
        return isTaken
    }

    /// How many jobs wait now, and how many were refused so far.
    public var load: (waiting: Int, refused: Int) {
        state.withLock { ($0.waiting.count, $0.refused) }
    }

    /// Takes no more jobs, does those that wait, and ends the threads.
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
