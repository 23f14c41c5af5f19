import Identity
import Settings
import SplitMix
import TestSupport
import Testing
import Threads

@testable import gatehouse

struct SlewingClockTests {
    private static let second: Int64 = 1_000_000_000
    /// Any moment will do; this one is in 2025.
    private static let start: Int64 = 1_738_324_800 * second
    private static let bound: Int64 = 20

    private func clock() -> SlewingClock {
        SlewingClock(bound: Self.bound * 1000, realtime: Self.start, boottime: 0)
    }

    /// A look: milliseconds since the boot, a step of the system's clock, and what we say.
    private typealias Look = (at: Int64, step: Int64, says: Int64)

    @Test(
        arguments: [
            // Steps of nothing: the system's time.
            [(0, 0, 0), (1, 0, 1), (5_000, 0, 5_000), (86_400_000, 0, 86_400_000)],
            // Ten seconds ahead: a tenth faster, for a hundred seconds.
            [
                (1_000, 10_000, 1_100), (2_000, 0, 2_200), (52_000, 0, 57_200),
                (99_999, 0, 109_998), (101_000, 0, 111_000), (102_000, 0, 112_000),
            ],
            // Ten seconds back: a tenth slower.
            [
                (1_000, -10_000, 900), (2_000, 0, 1_800), (100_000, 0, 90_000),
                (100_500, 0, 90_500),
            ],
            // There and back again, before the first is made up for.
            [(10_000, 10_000, 11_000), (20_000, -10_000, 20_000), (21_000, 0, 21_000)],
            // Ten, and ten more.
            [(10_000, 10_000, 11_000), (20_000, 10_000, 22_000), (220_000, 0, 240_000)],
            // Large ones are followed at once.
            [(1_000, 20_000, 21_000), (2_000, 0, 22_000), (3_000, -86_400_000, -86_377_000)],
            // A step a whole sleep ago was one of a moment, against that sleep.
            [(3_600_000, 10_000, 3_610_000)],
        ] as [[(Int64, Int64, Int64)]])
    func `small steps are made up for slowly, large ones at once`(
        looks: [(Int64, Int64, Int64)]
    ) {
        var clock = clock()
        var stepped: Int64 = 0
        for (at, step, says) in looks {
            stepped += step
            let now = clock.now(
                realtime: Self.start + (at + stepped) * 1_000_000, boottime: at * 1_000_000)
            #expect(now.milliseconds - Self.start / 1_000_000 == says, "at \(at)")
        }
    }

    @Test func `looks may be as close together as they like`() {
        var clock = clock()
        var now = Timestamp(seconds: 0)
        // A million looks, 100 ns apart, while ten seconds are to be made up for.
        for look in 1...1_000_000 as ClosedRange<Int64> {
            now = clock.now(
                realtime: Self.start + 10 * Self.second + look * 100, boottime: look * 100)
        }

        #expect(now.milliseconds - Self.start / 1_000_000 == 110)
    }

    @Test func `a look that comes late takes nothing back`() {
        var clock = clock()
        let later = clock.now(realtime: Self.start + 5 * Self.second, boottime: 5 * Self.second)
        let late = clock.now(realtime: Self.start + 4 * Self.second, boottime: 4 * Self.second)

        #expect(late == later)
    }

    @Test func `only a large step takes it back, or faster than by a tenth`() {
        var random = SplitMix()
        for _ in 0..<200 {
            var clock = clock()
            // In milliseconds; boottimes are multiples of ten, so that a tenth is one of one.
            let start = Self.start / 1_000_000
            var boottime: Int64 = 0
            var stepped: Int64 = 0
            func look() -> Int64 {
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
                let now = look()
                if abs(stepped + away) < Self.bound * 1000 {
                    #expect(now >= last)
                    #expect(abs(now - last - passed) <= passed / 10)
                } else {
                    #expect(now == start + boottime + stepped)
                }
                last = now
            }
            // Whatever it was, after ten times the bound it is gone.
            boottime += 10 * Self.bound * 1000
            #expect(look() == start + boottime + stepped)
        }
    }

    @Test func `a started clock says the system's time, and to each thread no less than before`()
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
            for await isSteady in tasks { #expect(isSteady) }
        }
    }
}
