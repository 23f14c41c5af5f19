import Identity
import Testing

struct JobScheduleTests {
    private func job(_ name: String, every interval: Int, jitter: Int = 0) -> Job {
        Job(name: name, interval: .seconds(interval), jitter: .seconds(jitter)) { false }
    }

    @Test func `without jobs nothing is next`() {
        var schedule = JobSchedule([], at: .now)
        schedule.finishNext(at: .now, delay: 0)
        #expect(schedule.next == nil)
    }

    @Test func `each job runs after its interval, the earliest first`() {
        let start = ContinuousClock.now
        var schedule = JobSchedule([job("slow", every: 5), job("fast", every: 2)], at: start)

        var runs: [String] = []
        while let next = schedule.next, next.start <= start + .seconds(10) {
            runs.append("\(next.job.name) \((next.start - start).components.seconds)")
            schedule.finishNext(at: next.start, delay: 0)
        }

        #expect(runs.count == 7)
        #expect(runs.filter { $0.hasPrefix("slow") } == ["slow 5", "slow 10"])
        #expect(
            runs.filter { $0.hasPrefix("fast") } == [
                "fast 2", "fast 4", "fast 6", "fast 8", "fast 10",
            ])
    }

    @Test func `the interval begins when the run ends, and the delay is a part of the jitter`() {
        let start = ContinuousClock.now
        var schedule = JobSchedule([job("purge", every: 10, jitter: 4)], at: start)

        schedule.finishNext(at: start + .seconds(30), delay: 0.5)

        #expect(schedule.next?.start == start + .seconds(42))
    }
}
