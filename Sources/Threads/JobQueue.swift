/// The jobs that wait for a thread of a `BoundedWorkerPool`, and the order in which they run.
public protocol JobQueue: Sendable {
    associatedtype Job: Sendable

    /// The number of jobs in the queue.
    var count: Int { get }

    /// Adds a job.
    ///
    /// - Returns: The job for which there is no room: either `job` itself, or an earlier job that
    ///   `job` replaces; `nil` if there is room for all jobs.
    mutating func add(_ job: Job) -> Job?

    /// Removes and returns the jobs that run next, from one to `maximum` of them.
    ///
    /// The result is empty only if the queue is empty.
    mutating func removeNext(_ maximum: Int) -> [Job]
}
