import Glibc
import Threads

/// The executor of request handlers: the workers, whichever has time.
///
/// A handler starts on the worker that read its request and stays there while nothing is waited
/// for. When a wait ends, on whatever thread, the rest is queued here and the next free worker
/// goes on with it.
final class WorkerExecutor: TaskExecutor {
    /// Rings once for each job that waits.
    let eventFD: EventFD
    private let waiting = Guarded<[UnownedJob]>([])
    private let current: pthread_key_t

    init() throws {
        eventFD = try EventFD()
        var key = pthread_key_t()
        guard pthread_key_create(&key, nil) == 0 else {
            throw FastCGIError.last("pthread_key_create")
        }
        current = key
    }

    deinit { pthread_key_delete(current) }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if let worker {
            worker.jobs.append(job)
        } else {
            queue([job])
        }
    }

    /// Puts jobs behind those that wait, for whichever worker comes to them.
    fileprivate func queue(_ jobs: [UnownedJob]) {
        waiting.withLock { $0 += jobs }
        for _ in jobs { eventFD.ring() }
    }

    /// The calling thread, if it is one of the executor.
    private var worker: Worker? {
        pthread_getspecific(current).map { Unmanaged<Worker>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Makes the calling thread one of the executor for as long as the body runs.
    func join(_ body: (Worker) -> Void) {
        let worker = Worker(executor: self)
        pthread_setspecific(current, Unmanaged.passUnretained(worker).toOpaque())
        body(worker)
        pthread_setspecific(current, nil)
    }

    /// A job that waits for a free worker, if there still is one.
    func takeWaiting() -> UnownedJob? {
        guard eventFD.answer() else { return nil }
        return waiting.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    }

    /// Whether a task that has waited, perhaps, still is what a worker does.
    func immutable(_ worker: Worker, inGeneration generation: Int) -> Bool {
        // Compared first: another thread's turn is not ours to read.
        self.worker === worker && worker.generation == generation
    }
}

/// A thread of the executor, and what it has to do before it looks for more.
final class Worker: @unchecked Sendable {
    // Sendable is proved by use: only its own thread touches what is in it. A task that goes on
    // elsewhere holds it still, but does no more than ask `WorkerExecutor.immutable`.
    fileprivate var jobs: [UnownedJob] = []
    private var aside: UnsafeContinuation<Void, Never>?
    private let executor: WorkerExecutor
    /// Counts the tasks that served on this thread, one after the other.
    private(set) var generation = 0
    /// How many jobs are done before the event set has its turn.
    private static let maximumJobs = 64

    /// Room to look at what waits on a connection.
    let buffer = UnsafeMutableRawBufferPointer.allocate(
        byteCount: RequestScan.maximumLength, alignment: 8)

    init(executor: WorkerExecutor) { self.executor = executor }

    deinit { buffer.deallocate() }

    /// Does what there is to do on this thread, until all of it is done or waits.
    func run() {
        generation += 1
        while true {
            var done = 0
            while done < Self.maximumJobs, let job = jobs.popLast() {
                job.runSynchronously(on: executor.asUnownedTaskExecutor())
                done += 1
            }
            // A task that yields is there again at once: a loop of yields must not keep the worker.
            if !jobs.isEmpty {
                executor.queue(jobs)
                jobs = []
            }
            guard let aside else { return }
            self.aside = nil
            aside.resume()
        }
    }

    /// Does a job, and what it leads to.
    func run(_ job: UnownedJob) {
        jobs.append(job)
        run()
    }

    /// Lets another job go first; for the task that runs on this thread.
    func yield(for job: UnownedJob) async {
        await withUnsafeContinuation { continuation in
            jobs.append(job)
            aside = continuation
        }
    }
}
