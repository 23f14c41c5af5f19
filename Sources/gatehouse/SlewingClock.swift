import Glibc
import Identity
import Settings
import Threads

/// A clock that follows the system clock but smooths its small jumps.
///
/// When NTP moves the system clock by a few seconds, this clock runs 10 % faster or slower until
/// the two clocks agree. The time between two readings therefore differs from the real time by at
/// most 10 %. Otherwise, after a jump of ten seconds, a response that was in flight for one second
/// could look eleven seconds old. A large jump is followed at once, because it means that someone
/// set the system clock deliberately.
///
/// `CLOCK_BOOTTIME` measures the real time. It cannot be set, and it also counts the time while the
/// machine is suspended, so a wake-up is not a jump. The unit is nanoseconds, because readings are
/// often less than a millisecond apart.
struct SlewingClock: Sendable {
    /// The smallest difference from the system clock that is corrected at once, in nanoseconds.
    private let threshold: Int64
    private var lastBoottime: Int64
    /// This clock's time minus `CLOCK_BOOTTIME`, in nanoseconds.
    private var offset: Int64

    /// Creates a clock that starts at the system clock's time.
    ///
    /// - Parameters:
    ///   - threshold: The smallest difference from the system clock that is corrected at once, in
    ///     milliseconds.
    ///   - realtime: The current value of `CLOCK_REALTIME`, in nanoseconds.
    ///   - boottime: The current value of `CLOCK_BOOTTIME`, in nanoseconds.
    init(threshold: Int64, realtime: Int64, boottime: Int64) {
        self.threshold = threshold * 1_000_000
        lastBoottime = boottime
        offset = realtime - boottime
    }

    /// The current time, computed from the values of the two system clocks in nanoseconds.
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
    /// Creates a clock that smooths jumps up to the refresh window or ten seconds, whichever is
    /// longer.
    ///
    /// The threshold is twice this length, so that a second jump is still smoothed if it comes
    /// before the first is corrected. `window` is the refresh window in milliseconds.
    static func started(window: Int64) -> Guarded<SlewingClock> {
        Guarded(
            SlewingClock(
                threshold: 2 * max(window, 10_000), realtime: nanoseconds(CLOCK_REALTIME),
                boottime: nanoseconds(CLOCK_BOOTTIME)))
    }

    fileprivate static func nanoseconds(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        // Limit the time to the year 2255. Otherwise a badly set clock could overflow the 64-bit
        // number of nanoseconds.
        let seconds = min(max(Int64(time.tv_sec), 0), 9_000_000_000)
        return seconds * 1_000_000_000 + Int64(time.tv_nsec)
    }
}

extension Guarded<SlewingClock> {
    /// The current time.
    ///
    /// The system clocks are read while the lock is held, so that the readings of several threads
    /// are in order.
    var now: Timestamp {
        withLock {
            $0.now(
                realtime: SlewingClock.nanoseconds(CLOCK_REALTIME),
                boottime: SlewingClock.nanoseconds(CLOCK_BOOTTIME))
        }
    }
}
