import Glibc

extension Timestamp {
    /// The time in UTC as ISO 8601 with milliseconds, such as `1994-11-06T08:49:37.000Z`.
    public var iso8601: String {
        var seconds = time_t(seconds)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        let date = [
            padded(parts.tm_year + 1900, 4), padded(parts.tm_mon + 1, 2), padded(parts.tm_mday, 2),
        ].joined(separator: "-")
        let time = [parts.tm_hour, parts.tm_min, parts.tm_sec].map { padded($0, 2) }
            .joined(separator: ":")
        return "\(date)T\(time).\(padded(Int32(milliseconds % 1000), 3))Z"
    }
}

private func padded(_ number: Int32, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
