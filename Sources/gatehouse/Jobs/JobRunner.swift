import Identity
import Threads

/// Runs jobs in the background, at most one at a time, until it is stopped.
final class JobRunner: Sendable {
    private let isFinished: Guarded<Bool>
    private let task: Task<Void, Never>

    /// Starts running the jobs in the background.
    ///
    /// Each job runs for the first time when its interval has passed.
    ///
    /// - Parameters:
    ///   - jobs: The jobs to run.
    ///   - onFailure: Called when a job fails, unless its previous run also failed. A full disk
    ///     therefore does not fill the log. A failed job runs again after its interval.
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

    /// Stops the jobs and waits until the current slice of a job has ended.
    ///
    /// This method blocks the calling thread, so do not call it from a thread of Swift's
    /// cooperative pool.
    func stop() {
        task.cancel()
        isFinished.wait(until: { $0 }, then: { _ in })
    }
}
