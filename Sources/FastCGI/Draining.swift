import Synchronization

/// The end of a server: what has begun is finished, then every worker leaves.
final class Draining: Sendable {
    /// Readable from the moment the server drains; never answered, so that it wakes all workers.
    let begun: Bell
    private let done: Bell
    private let events: EventSet
    private let crew: Crew
    private let flag = Atomic(false)
    /// Requests that have begun and not ended, and workers that still look for new ones.
    private let outstanding: Atomic<Int>

    init(workers: Int, crew: Crew) throws {
        self.crew = crew
        outstanding = Atomic(workers)
        begun = try Bell()
        done = try Bell()
        events = try EventSet()
        // Not exclusive: the workers' set has the bell too, and the system might choose that one
        // when its last worker is on the way here.
        try events.add(crew.bell.descriptor, for: .readable)
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
    func finish(on hand: Hand) {
        requestEnds()
        while true {
            guard let (descriptor, _) = events.wait() else { continue }
            if descriptor == done.descriptor { return }
            if let job = crew.takeWaiting() { hand.run(job) }
        }
    }
}
