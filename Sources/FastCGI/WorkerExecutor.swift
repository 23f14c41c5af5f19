import Glibc
import Threads

/// The task executor of request handlers, which runs them on the server's workers.
///
/// A handler starts on the worker that read its request and stays there until it suspends. When the
/// handler can resume, the rest of it is added to the queue of this executor, and the next free
/// worker runs it.
final class WorkerExecutor: TaskExecutor {
    /// Counts the jobs in the shared queue.
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
            worker.enqueue(job)
        } else {
            queue([job])
        }
    }

    /// Appends jobs to the shared queue, from which the next free worker takes them.
    func queue(_ jobs: [UnownedJob]) {
        waiting.withLock { $0 += jobs }
        for _ in jobs { eventFD.signal() }
    }

    /// The worker of the calling thread, or `nil` if this thread is not a worker of the executor.
    private var worker: Worker? {
        pthread_getspecific(current).map { Unmanaged<Worker>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Makes the calling thread a worker of this executor while the body runs.
    func withWorker(_ body: (Worker) -> Void) {
        let worker = Worker(executor: self)
        pthread_setspecific(current, Unmanaged.passUnretained(worker).toOpaque())
        body(worker)
        pthread_setspecific(current, nil)
    }

    /// Removes and returns the first job of the shared queue, or returns `nil` if another worker
    /// took it.
    func dequeue() -> UnownedJob? {
        guard eventFD.consume() else { return nil }
        return waiting.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    }

    /// Returns whether the calling task is still the one that serves requests on a worker.
    ///
    /// The result is false if the task was suspended and resumed on another thread, or if the
    /// worker has started another task since.
    func isCurrent(_ worker: Worker, inGeneration generation: Int) -> Bool {
        // Compare the threads first: only the worker's own thread may read `generation`.
        self.worker === worker && worker.generation == generation
    }
}
