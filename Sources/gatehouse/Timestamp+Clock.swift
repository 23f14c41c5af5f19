import Glibc
import Identity

extension Timestamp {
    /// What time it is by the system's clock.
    static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// The moment in UTC to the second, as ISO 8601 writes it: `2025-01-31T12:00:00Z`.
    var iso8601: String {
        var time = time_t(seconds)
        var parts = tm()
        gmtime_r(&time, &parts)
        func padded(_ number: Int32, to width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let date = [
            padded(parts.tm_year + 1900, to: 4), padded(parts.tm_mon + 1, to: 2),
            padded(parts.tm_mday, to: 2),
        ]
        let clock = [parts.tm_hour, parts.tm_min, parts.tm_sec].map { padded($0, to: 2) }
        return "\(date.joined(separator: "-"))T\(clock.joined(separator: ":"))Z"
    }
}
