/// A queue whose jobs run in the order in which they were added.
///
/// If the queue is full, a new job is refused.
public struct FirstInFirstOut<Job: Sendable>: JobQueue {
    private let capacity: Int
    private var jobs: [Job] = []

    /// Creates an empty queue for at most `capacity` jobs.
    public init(capacity: Int) { self.capacity = capacity }

    /// The number of jobs in the queue.
    public var count: Int { jobs.count }

    /// Adds a job at the end.
    ///
    /// - Returns: The job itself if the queue is full.
    public mutating func add(_ job: Job) -> Job? {
        guard jobs.count < capacity else { return job }
        jobs.append(job)
        return nil
    }

    /// Removes and returns the oldest jobs, at most `maximum`.
    public mutating func removeNext(_ maximum: Int) -> [Job] {
        let next = Array(jobs.prefix(maximum))
        jobs.removeFirst(next.count)
        return next
    }
}
