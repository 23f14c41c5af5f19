import Synchronization

/// The end of a server: what has begun is finished, then every worker leaves.
final class Shutdown: Sendable {
    /// Readable from the moment the server drains; never answered, so that it wakes all workers.
    let begun: EventFD
    private let done: EventFD
    private let events: EventSet
    private let executor: WorkerExecutor
    private let flag = Atomic(false)
    /// Requests that have begun and not ended, and workers that still look for new ones.
    private let outstanding: Atomic<Int>

    init(workers: Int, executor: WorkerExecutor) throws {
        self.executor = executor
        outstanding = Atomic(workers)
        begun = try EventFD()
        done = try EventFD()
        events = try EventSet()
        // Not exclusive: the workers' set has the eventFD too, and the system might choose that one
        // when its last worker is on the way here.
        try events.add(executor.eventFD.descriptor, for: .readable)
        try events.add(done.descriptor, for: .readable)
    }

    var hasBegun: Bool { flag.load(ordering: .acquiring) }

    func begin() {
        flag.store(true, ordering: .releasing)
        begun.ring()
    }

    func requestBegins() { outstanding.add(1, ordering: .relaxed) }

    func requestEnds() {
        if outstanding.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 { done.ring() }
    }

    /// Goes on with requests that waited, until there is none on any worker.
    func finish(on worker: Worker) {
        requestEnds()
        while true {
            guard let (descriptor, _) = events.wait() else { continue }
            if descriptor == done.descriptor { return }
            if let job = executor.takeWaiting() { worker.run(job) }
        }
    }
}
