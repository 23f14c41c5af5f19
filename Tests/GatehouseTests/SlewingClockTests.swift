import Identity
import Settings
import SplitMix
import TestSupport
import Testing
import Threads

@testable import gatehouse

struct SlewingClockTests {
    private static let second: Int64 = 1_000_000_000
    /// An arbitrary time in 2025.
    private static let start: Int64 = 1_738_324_800 * second
    private static let threshold: Int64 = 20

    private func clock() -> SlewingClock {
        SlewingClock(threshold: Self.threshold * 1000, realtime: Self.start, boottime: 0)
    }

    /// A reading: milliseconds since boot, a step of the system clock, and the time shown.
    private typealias Reading = (at: Int64, step: Int64, says: Int64)

    @Test(
        arguments: [
            // No steps: the system clock.s time.
            [(0, 0, 0), (1, 0, 1), (5_000, 0, 5_000), (86_400_000, 0, 86_400_000)],
            // Ten seconds ahead: the clock runs a tenth faster for a hundred seconds.
            [
                (1_000, 10_000, 1_100), (2_000, 0, 2_200), (52_000, 0, 57_200),
                (99_999, 0, 109_998), (101_000, 0, 111_000), (102_000, 0, 112_000),
            ],
            // Ten seconds back: the clock runs a tenth slower.
            [
                (1_000, -10_000, 900), (2_000, 0, 1_800), (100_000, 0, 90_000),
                (100_500, 0, 90_500),
            ],
            // A step back before the first step has been followed.
            [(10_000, 10_000, 11_000), (20_000, -10_000, 20_000), (21_000, 0, 21_000)],
            // Two steps of ten seconds.
            [(10_000, 10_000, 11_000), (20_000, 10_000, 22_000), (220_000, 0, 240_000)],
            // Large steps are followed at once.
            [(1_000, 20_000, 21_000), (2_000, 0, 22_000), (3_000, -86_400_000, -86_377_000)],
            // A small step during a long suspend is followed at once.
            [(3_600_000, 10_000, 3_610_000)],
        ] as [[(Int64, Int64, Int64)]])
    func `small steps are followed slowly, large ones at once`(
        readings: [(Int64, Int64, Int64)]
    ) {
        var clock = clock()
        var stepped: Int64 = 0
        for (at, step, says) in readings {
            stepped += step
            let now = clock.now(
                realtime: Self.start + (at + stepped) * 1_000_000, boottime: at * 1_000_000)
            #expect(now.milliseconds - Self.start / 1_000_000 == says, "at \(at)")
        }
    }

    @Test func `readings may be arbitrarily close together`() {
        var clock = clock()
        var now = Timestamp(seconds: 0)
        // A million readings, 100 ns apart, while a step of ten seconds is followed.
        for reading in 1...1_000_000 as ClosedRange<Int64> {
            now = clock.now(
                realtime: Self.start + 10 * Self.second + reading * 100, boottime: reading * 100)
        }

        #expect(now.milliseconds - Self.start / 1_000_000 == 110)
    }

    @Test func `a late reading does not move the clock backwards`() {
        var clock = clock()
        let later = clock.now(realtime: Self.start + 5 * Self.second, boottime: 5 * Self.second)
        let late = clock.now(realtime: Self.start + 4 * Self.second, boottime: 4 * Self.second)

        #expect(late == later)
    }

    @Test func `only a large step moves the clock backwards or speeds it up by more than a tenth`()
    {
        var random = SplitMix()
        for _ in 0..<200 {
            var clock = clock()
            // In milliseconds; boottimes are multiples of ten, so a tenth is a whole number.
            let start = Self.start / 1_000_000
            var boottime: Int64 = 0
            var stepped: Int64 = 0
            func reading() -> Int64 {
                clock.now(
                    realtime: (start + boottime + stepped) * 1_000_000,
                    boottime: boottime * 1_000_000
                ).milliseconds
            }
            var last = start
            for _ in 0..<500 {
                let away = start + boottime - last
                let passed = Int64.random(in: 0...100, using: &random) * 10
                boottime += passed
                if Int.random(in: 0..<20, using: &random) == 0 {
                    stepped += Int64.random(in: -30_000...30_000, using: &random)
                }
                let now = reading()
                if abs(stepped + away) < Self.threshold * 1000 {
                    #expect(now >= last)
                    #expect(abs(now - last - passed) <= passed / 10)
                } else {
                    #expect(now == start + boottime + stepped)
                }
                last = now
            }
            // After ten times the threshold, any difference is gone.
            boottime += 10 * Self.threshold * 1000
            #expect(reading() == start + boottime + stepped)
        }
    }

    @Test func `a started clock shows the system's time and never goes backwards between threads`()
        async
    {
        let clock = SlewingClock.started(window: 0)
        #expect(abs(clock.now.milliseconds - Timestamp.now.milliseconds) < 1000)

        await withTaskGroup(of: Bool.self) { tasks in
            let newest = Guarded(Timestamp(seconds: 0))
            for _ in 0..<4 {
                tasks.addTask {
                    (0..<10_000).allSatisfy { _ in
                        let before = newest.withLock { $0 }
                        let now = clock.now
                        newest.withLock { $0 = max($0, now) }
                        return now >= before
                    }
                }
            }
            for await isMonotonic in tasks { #expect(isMonotonic) }
        }
    }
}
