import Glibc
import Identity
import Settings
import Threads

/// A clock that follows the system clock smoothly, without its small steps.
///
/// When NTP steps the system clock by a few seconds, this clock runs 10 % faster or slower until
/// both agree. Otherwise a response that was in flight for one second could look eleven seconds old.
/// The time between two readings therefore differs from the real time by at most 10 %. A large step
/// is followed at once, because it means that the clock was set deliberately.
///
/// `CLOCK_BOOTTIME` measures the real time: it cannot be set, and it includes suspend, so waking up
/// is not a step. The unit is nanoseconds, because readings are often less than a millisecond apart.
struct SlewingClock: Sendable {
    /// The difference from the system clock, in nanoseconds, from which a step is followed at once.
    private let threshold: Int64
    private var lastBoottime: Int64
    /// The value that is added to the boottime, in nanoseconds, to get this clock's time.
    private var offset: Int64

    /// Creates a clock that shows the system clock's time.
    ///
    /// - Parameters:
    ///   - threshold: The smallest step that is followed at once, in milliseconds.
    ///   - realtime: `CLOCK_REALTIME`, in nanoseconds.
    ///   - boottime: `CLOCK_BOOTTIME`, in nanoseconds.
    init(threshold: Int64, realtime: Int64, boottime: Int64) {
        self.threshold = threshold * 1_000_000
        lastBoottime = boottime
        offset = realtime - boottime
    }

    /// The current time, computed from readings of the two system clocks.
    mutating func now(realtime: Int64, boottime: Int64) -> Timestamp {
        let allowance = max(boottime - lastBoottime, 0) / 10
        lastBoottime = max(boottime, lastBoottime)
        let difference = realtime - boottime - offset
        offset +=
            abs(difference) < threshold ? min(max(difference, -allowance), allowance) : difference
        return Timestamp(milliseconds: (lastBoottime + offset) / 1_000_000)
    }
}

extension SlewingClock {
    /// Creates a clock that follows steps of up to the refresh window, and at least ten seconds,
    /// smoothly.
    ///
    /// The threshold is twice that, so that a second step may come while the first is still being
    /// followed.
    static func started(window: Int64) -> Guarded<SlewingClock> {
        Guarded(
            SlewingClock(
                threshold: 2 * max(window, 10_000), realtime: nanoseconds(CLOCK_REALTIME),
                boottime: nanoseconds(CLOCK_BOOTTIME)))
    }

    fileprivate static func nanoseconds(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        // Limit the time to the year 2255, so that a badly set clock cannot overflow the nanoseconds.
        let seconds = min(max(Int64(time.tv_sec), 0), 9_000_000_000)
        return seconds * 1_000_000_000 + Int64(time.tv_nsec)
    }
}

extension Guarded<SlewingClock> {
    /// The current time.
    ///
    /// The system clocks are read while the lock is held, so that time never goes backwards between
    /// threads.
    var now: Timestamp {
        withLock {
            $0.now(
                realtime: SlewingClock.nanoseconds(CLOCK_REALTIME),
                boottime: SlewingClock.nanoseconds(CLOCK_BOOTTIME))
        }
    }
}
