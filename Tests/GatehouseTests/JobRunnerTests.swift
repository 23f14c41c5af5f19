import Identity
import Testing
import Threads

@testable import gatehouse

struct JobRunnerTests {
    struct Mishap: Error {}

    private func job(
        _ name: String, _ runSlice: @escaping @Sendable () async throws -> Bool
    ) -> Job {
        Job(name: name, interval: .milliseconds(1), jitter: .zero, runSlice: runSlice)
    }

    /// Runs a body that blocks on a thread of its own: a job needs the threads of Swift's pool.
    private func onThread(_ body: @escaping @Sendable () -> Void) async throws {
        try await withCheckedThrowingContinuation { continuation in
            do {
                _ = try Thread(named: "job test") {
                    body()
                    continuation.resume()
                }
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `jobs run one at a time, and a job that keeps failing is reported once`() async throws {
        let running = Guarded(0)
        let runs = Guarded(0)
        let failures = Guarded(0)
        let jobs = (0..<4).map { number in
            job("job \(number)") {
                #expect(
                    running.withLock {
                        $0 += 1; return $0
                    } == 1)
                await Task.yield()
                running.withLock { $0 -= 1 }
                runs.withLock { $0 += 1 }
                runs.wakeAll()
                if number == 0 { throw Mishap() }
                return false
            }
        }
        let runner = JobRunner(jobs) { job, error in
            #expect(job.name == "job 0")
            #expect(error is Mishap)
            failures.withLock { $0 += 1 }
        }

        try await onThread {
            runs.wait(until: { $0 > 40 }, then: { _ in })
            runner.stop()
        }

        let stopped = runs.withLock { $0 }
        #expect(failures.withLock { $0 } == 1)
        #expect(running.withLock { $0 } == 0)
        #expect(runs.withLock { $0 } == stopped)
    }

    @Test(.timeLimit(.minutes(1)))
    func `a job with endless work stops after a slice`() async throws {
        let slices = Guarded(0)
        let runner = JobRunner([
            job("endless") {
                slices.withLock { $0 += 1 }
                slices.wakeAll()
                return true
            }
        ]) { _, _ in }

        try await onThread {
            slices.wait(until: { $0 > 3 }, then: { _ in })
            runner.stop()
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a runner that waits stops at once`() async throws {
        let runner = JobRunner([
            Job(name: "late", interval: .seconds(3_600), jitter: .zero) { true }
        ]) { _, _ in }

        try await onThread { runner.stop() }
    }
}
