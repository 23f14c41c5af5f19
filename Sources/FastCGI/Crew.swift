import Glibc
import Lanes

/// The executor of request handlers: the workers, whichever has time.
///
/// A handler starts on the worker that read its request and stays there while nothing is waited
/// for. When a wait ends, on whatever thread, the rest is queued here and the next free worker
/// goes on with it.
final class Crew: TaskExecutor {
    /// Rings once for each job that waits.
    let bell: Bell
    private let waiting = Monitor<[UnownedJob]>([])
    private let current: pthread_key_t

    init() throws {
        bell = try Bell()
        var key = pthread_key_t()
        guard pthread_key_create(&key, nil) == 0 else {
            throw FastCGIError.last("pthread_key_create")
        }
        current = key
    }

    deinit { pthread_key_delete(current) }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if let hand = pthread_getspecific(current) {
            Unmanaged<Hand>.fromOpaque(hand).takeUnretainedValue().jobs.append(job)
        } else {
            waiting.withLock { $0.append(job) }
            bell.ring()
        }
    }

    /// Makes the calling thread one of the crew for as long as the body runs.
    func join(_ body: (Hand) -> Void) {
        let hand = Hand(crew: self)
        pthread_setspecific(current, Unmanaged.passUnretained(hand).toOpaque())
        body(hand)
        pthread_setspecific(current, nil)
    }

    /// Runs a job that waits, if there still is one.
    func runWaiting(on hand: Hand) {
        guard bell.answer() else { return }
        guard let job = waiting.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) else { return }
        hand.jobs.append(job)
        hand.run()
    }
}

/// A thread of the crew, and what it has to do before it looks for more.
final class Hand {
    fileprivate var jobs: [UnownedJob] = []
    private let crew: Crew

    init(crew: Crew) { self.crew = crew }

    /// Does what there is to do on this thread, until all of it is done or waits.
    func run() {
        while let job = jobs.popLast() { job.runSynchronously(on: crew.asUnownedTaskExecutor()) }
    }
}
