import Identity
import Threads

/// Runs jobs in the background, at most one at a time, until it is stopped.
final class JobRunner: Sendable {
    private let isFinished: Guarded<Bool>
    private let task: Task<Void, Never>

    /// Starts the jobs.
    ///
    /// Each runs for the first time after its interval.
    ///
    /// - Parameters:
    ///   - jobs: The jobs to run.
    ///   - onFailure: Called when a job fails that succeeded before, so that a full disk does not
    ///     fill the log. The job runs again after its interval.
    init(
        _ jobs: [Job], onFailure: @escaping @Sendable (Job, any Error) -> Void
    ) {
        let isFinished = Guarded(false)
        self.isFinished = isFinished
        task = Task {
            var schedule = JobSchedule(jobs, at: .now)
            var failing: Set<String> = []
            while let (job, start) = schedule.next {
                do { try await Task.sleep(until: start, clock: .continuous) } catch { break }
                do {
                    while !Task.isCancelled, try await job.runSlice() {}
                    failing.remove(job.name)
                } catch {
                    if failing.insert(job.name).inserted { onFailure(job, error) }
                }
                schedule.finishNext(at: .now, delay: Double.random(in: 0...1))
            }
            isFinished.withLock { $0 = true }
            isFinished.wakeAll()
        }
    }

    /// Stops the jobs and waits for the slice that runs now.
    ///
    /// This blocks the calling thread, which must not be one of Swift's cooperative pool.
    func stop() {
        task.cancel()
        isFinished.wait(until: { $0 }, then: { _ in })
    }
}
