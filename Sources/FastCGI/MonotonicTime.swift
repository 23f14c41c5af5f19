import Glibc

/// A time of the system's monotonic clock, in nanoseconds.
///
/// `ContinuousClock.Instant` would serve as well, but its layout is not known to the compiler, and
/// each copy of one costs calls through its metadata. Every request copies several.
struct MonotonicTime: Comparable {
    private let nanoseconds: Int64

    static var now: MonotonicTime {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return MonotonicTime(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    static func - (time: MonotonicTime, duration: Duration) -> MonotonicTime {
        MonotonicTime(nanoseconds: time.nanoseconds - Int64(duration / .nanoseconds(1)))
    }

    static func < (one: MonotonicTime, other: MonotonicTime) -> Bool {
        one.nanoseconds < other.nanoseconds
    }
}
