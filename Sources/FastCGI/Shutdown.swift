import Synchronization

/// The graceful shutdown of a server: requests that have begun are finished, then the workers end.
final class Shutdown: Sendable {
    /// Readable once shutdown has begun.
    ///
    /// It is never consumed, so that it wakes all workers.
    let begun: EventFD
    private let done: EventFD
    private let events: EventSet
    private let executor: WorkerExecutor
    private let flag = Atomic(false)
    /// The number of unfinished requests, plus the number of workers that still accept new ones.
    private let outstanding: Atomic<Int>

    init(workers: Int, executor: WorkerExecutor) throws {
        self.executor = executor
        outstanding = Atomic(workers)
        begun = try EventFD()
        done = try EventFD()
        events = try EventSet()
        // Not exclusive: the workers' event set watches this eventfd as well. The system might
        // wake only that set, although its last worker is about to wait on this one.
        try events.add(executor.eventFD.descriptor, for: .readable)
        try events.add(done.descriptor, for: .readable)
    }

    var hasBegun: Bool { flag.load(ordering: .acquiring) }

    func begin() {
        flag.store(true, ordering: .releasing)
        begun.signal()
    }

    func requestBegins() { outstanding.add(1, ordering: .relaxed) }

    func requestEnds() {
        if outstanding.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 { done.signal() }
    }

    /// Runs the jobs of suspended requests on a worker until all requests of the server have ended.
    func runRemainingJobs(on worker: Worker) {
        requestEnds()
        while true {
            guard let (descriptor, _) = events.wait() else { continue }
            if descriptor == done.descriptor { return }
            if let job = executor.dequeue() { worker.run(job) }
        }
    }
}
