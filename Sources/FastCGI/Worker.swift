import Threads

/// A thread of `WorkerExecutor` with its local queue of jobs.
final class Worker: @unchecked Sendable {
    // The compiler cannot prove that this class is Sendable. It is, because only the worker's own
    // thread accesses the worker's state. A task that resumed on another thread may still hold a
    // reference to the worker, but it only passes the reference to `WorkerExecutor.isCurrent`.
    private var jobs: [UnownedJob] = []
    private var yielded: UnsafeContinuation<Void, Never>?
    private let executor: WorkerExecutor
    /// The number of times that `run` has been called.
    ///
    /// Until shutdown, the server starts a new request-serving task for each call, so the number
    /// identifies the task.
    private(set) var generation = 0
    /// The maximum number of jobs that run before the event set is checked again.
    private static let maximumJobs = 64

    /// A buffer for peeking at the data that waits on a connection.
    let buffer = UnsafeMutableRawBufferPointer.allocate(
        byteCount: RequestScan.maximumLength, alignment: 8)

    init(executor: WorkerExecutor) { self.executor = executor }

    deinit { buffer.deallocate() }

    /// Adds a job to this worker's queue.
    ///
    /// Call this method only on the worker's own thread.
    func enqueue(_ job: UnownedJob) { jobs.append(job) }

    /// Runs this worker's jobs until all have finished or are suspended.
    func run() {
        generation += 1
        while true {
            var done = 0
            while done < Self.maximumJobs, let job = jobs.popLast() {
                job.runSynchronously(on: executor.asUnownedTaskExecutor())
                done += 1
            }
            // A task that yields is queued again at once. Move the remaining jobs to the shared
            // queue, so that a task that yields in a loop does not keep the worker from other work.
            if !jobs.isEmpty {
                executor.queue(jobs)
                jobs = []
            }
            guard let yielded else { return }
            self.yielded = nil
            yielded.resume()
        }
    }

    /// Runs a job, and the jobs that this job adds to the worker.
    func run(_ job: UnownedJob) {
        jobs.append(job)
        run()
    }

    /// Suspends the current task of this thread until the thread has run `job`.
    func yield(to job: UnownedJob) async {
        await withUnsafeContinuation { continuation in
            jobs.append(job)
            yielded = continuation
        }
    }
}
