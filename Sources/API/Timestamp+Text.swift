import Glibc
public import Identity

extension Timestamp {
    /// IMF-fixdate (RFC 9110, section 5.6.7), such as `Sun, 06 Nov 1994 08:49:37 GMT`.
    var httpDate: String {
        let parts = parts
        let weekday = weekdays[Int(parts.tm_wday)]
        let month = months[Int(parts.tm_mon)]
        let year = padded(parts.tm_year + 1900, 4)
        return "\(weekday), \(padded(parts.tm_mday, 2)) \(month) \(year) \(time(parts)) GMT"
    }

    /// ISO 8601 in UTC with milliseconds, such as `1994-11-06T08:49:37.000Z`.
    public var iso8601: String {
        let parts = parts
        let date = [
            padded(parts.tm_year + 1900, 4), padded(parts.tm_mon + 1, 2), padded(parts.tm_mday, 2),
        ]
        let fraction = padded(Int32(milliseconds % 1000), 3)
        return "\(date.joined(separator: "-"))T\(time(parts)).\(fraction)Z"
    }

    /// The moment in UTC, broken down as gmtime(3) does.
    private var parts: tm {
        var seconds = time_t(seconds)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        return parts
    }

    private func time(_ parts: tm) -> String {
        [parts.tm_hour, parts.tm_min, parts.tm_sec].map { padded($0, 2) }.joined(separator: ":")
    }
}

private let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
private let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
]

private func padded(_ number: Int32, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
