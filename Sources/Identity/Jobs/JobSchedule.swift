/// A schedule that says when each of several jobs runs next.
public struct JobSchedule: Sendable {
    private var entries: [(job: Job, start: ContinuousClock.Instant)]

    /// Creates a schedule in which each job first runs one interval after `now`.
    public init(_ jobs: [Job], at now: ContinuousClock.Instant) {
        entries = jobs.map { ($0, now + $0.interval) }
        sort()
    }

    /// The job that runs next and when it starts; `nil` if there are no jobs.
    public var next: (job: Job, start: ContinuousClock.Instant)? { entries.first }

    /// Schedules the job in `next` again after it has run.
    ///
    /// - Parameters:
    ///   - now: When the run ended. The interval begins at this time, so that a slow job leaves
    ///     time for the others.
    ///   - delay: The fraction of the jitter to add, from 0 to 1.
    public mutating func finishNext(at now: ContinuousClock.Instant, delay: Double) {
        guard !entries.isEmpty else { return }
        let job = entries[0].job
        entries[0].start = now + job.interval + job.jitter * delay
        sort()
    }

    private mutating func sort() { entries.sort { $0.start < $1.start } }
}
