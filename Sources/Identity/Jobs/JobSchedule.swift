/// When each of several jobs runs next.
public struct JobSchedule: Sendable {
    private var entries: [(job: Job, start: ContinuousClock.Instant)]

    /// Schedules each job for the end of its interval.
    public init(_ jobs: [Job], at now: ContinuousClock.Instant) {
        entries = jobs.map { ($0, now + $0.interval) }
        sort()
    }

    /// The job that runs next and when it starts; `nil` if there are no jobs.
    public var next: (job: Job, start: ContinuousClock.Instant)? { entries.first }

    /// Schedules the next job again after it has run.
    ///
    /// - Parameters:
    ///   - now: When the run ended, so that a slow job leaves time for the others.
    ///   - delay: The part of the jitter to add, from 0 to 1.
    public mutating func finishNext(at now: ContinuousClock.Instant, delay: Double) {
        guard !entries.isEmpty else { return }
        let job = entries[0].job
        entries[0].start = now + job.interval + job.jitter * delay
        sort()
    }

    private mutating func sort() { entries.sort { $0.start < $1.start } }
}
