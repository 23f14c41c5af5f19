import Glibc
import Identity
import Settings
import Threads

/// The system's clock without its small steps.
///
/// When NTP sets the system's clock by a few seconds, this one goes 10 % faster or slower until
/// both agree: an answer that has been on its way for a second must not look eleven seconds old.
/// What passes between two looks differs from what really passed by 10 % at most. A large step is
/// followed at once: somebody has set the clock.
///
/// What really passed is `CLOCK_BOOTTIME`'s to say, which nobody sets and which counts sleep too:
/// a machine that wakes has made no step. Nanoseconds, since looks are often less than a
/// millisecond apart.
struct SlewingClock: Sendable {
    /// How far, in nanoseconds, we let the system's clock be from this one.
    private let bound: Int64
    private var lastBoottime: Int64
    /// What is to be added to the boottime.
    private var offset: Int64

    /// Begins with the system's time.
    ///
    /// - Parameters:
    ///   - bound: The least step that is followed at once, in milliseconds.
    ///   - realtime: `CLOCK_REALTIME`, in nanoseconds.
    ///   - boottime: `CLOCK_BOOTTIME`, in nanoseconds.
    init(bound: Int64, realtime: Int64, boottime: Int64) {
        self.bound = bound * 1_000_000
        lastBoottime = boottime
        offset = realtime - boottime
    }

    /// What time it is, from what the two clocks say.
    mutating func now(realtime: Int64, boottime: Int64) -> Timestamp {
        let allowance = max(boottime - lastBoottime, 0) / 10
        lastBoottime = max(boottime, lastBoottime)
        let difference = realtime - boottime - offset
        offset +=
            abs(difference) < bound ? min(max(difference, -allowance), allowance) : difference
        return Timestamp(milliseconds: (lastBoottime + offset) / 1_000_000)
    }
}

extension SlewingClock {
    /// A clock to which a step of a window, or of ten seconds where that is longer, is a small one,
    /// also while another is being made up for.
    static func started(window: Int64) -> Guarded<SlewingClock> {
        Guarded(
            SlewingClock(
                bound: 2 * max(window, 10_000), realtime: nanoseconds(CLOCK_REALTIME),
                boottime: nanoseconds(CLOCK_BOOTTIME)))
    }

    fileprivate static func nanoseconds(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        // No clock that is set wrong, however far, may overflow; this is the year 2255.
        let seconds = min(max(Int64(time.tv_sec), 0), 9_000_000_000)
        return seconds * 1_000_000_000 + Int64(time.tv_nsec)
    }
}

extension Guarded<SlewingClock> {
    /// What time it is.
    ///
    /// The clocks are read with the lock held, so that no thread goes back behind another.
    var now: Timestamp {
        withLock {
            $0.now(
                realtime: SlewingClock.nanoseconds(CLOCK_REALTIME),
                boottime: SlewingClock.nanoseconds(CLOCK_BOOTTIME))
        }
    }
}
