/// A queue whose jobs run in the order in which they were added.
///
/// If the queue is full, a new job is refused.
public struct FirstInFirstOut<Job: Sendable>: JobQueue {
    private let capacity: Int
    private var jobs: [Job] = []

    /// Creates an empty queue for at most `capacity` jobs.
    public init(capacity: Int) { self.capacity = capacity }

    public var count: Int { jobs.count }

    public mutating func add(_ job: Job) -> Job? {
        guard jobs.count < capacity else { return job }
        jobs.append(job)
        return nil
    }

    public mutating func removeNext(_ maximum: Int) -> [Job] {
        let next = Array(jobs.prefix(maximum))
        jobs.removeFirst(next.count)
        return next
    }
}
