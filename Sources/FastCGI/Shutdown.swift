import Synchronization

/// The graceful shutdown of a server, which finishes the requests that have begun and then ends the
/// workers.
final class Shutdown: Sendable {
    /// A counter that becomes readable when shutdown begins.
    ///
    /// It is never decremented, so that it wakes all workers.
    let begun: EventFD
    private let done: EventFD
    private let events: EventSet
    private let executor: WorkerExecutor
    private let flag = Atomic(false)
    /// The number of unfinished requests, plus the number of workers that still accept new
    /// requests.
    private let outstanding: Atomic<Int>

    init(workers: Int, executor: WorkerExecutor) throws {
        self.executor = executor
        outstanding = Atomic(workers)
        begun = try EventFD()
        done = try EventFD()
        events = try EventSet()
        // Do not use `.exclusive`, because the workers' event set also watches this eventfd. With
        // `.exclusive`, the system might wake only the workers' set, although the last worker that
        // waits on that set is about to wait on `events` instead.
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
