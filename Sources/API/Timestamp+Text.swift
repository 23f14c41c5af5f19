import Identity

extension Timestamp {
    /// IMF-fixdate (RFC 9110, section 5.6.7), such as `Sun, 06 Nov 1994 08:49:37 GMT`.
    var httpDate: String {
        let date = CivilDate(self)
        let weekday = weekdays[date.weekday]
        let month = months[date.month - 1]
        return
            "\(weekday), \(padded(date.day, 2)) \(month) \(padded(date.year, 4)) \(date.time) GMT"
    }

    /// ISO 8601 in UTC with milliseconds, such as `1994-11-06T08:49:37.000Z`.
    var iso8601: String {
        let date = CivilDate(self)
        return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
            + "T\(date.time).\(padded(Int(milliseconds % 1000), 3))Z"
    }
}

private let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
private let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
]

/// A date of the Gregorian calendar, in UTC, for moments since 1970, which all of ours are.
private struct CivilDate {
    var year: Int
    var month: Int
    var day: Int
    var weekday: Int
    var time: String

    init(_ moment: Timestamp) {
        let (days, seconds) = Int(moment.seconds).quotientAndRemainder(dividingBy: 86_400)
        time = [seconds / 3600, seconds / 60 % 60, seconds % 60]
            .map { padded($0, 2) }.joined(separator: ":")
        weekday = (days + 4) % 7

        // Years that begin in March put the leap day at their end, and 400 of them are an era of
        // 146,097 days; within it, months follow a pattern of five that have 153 days.
        let shifted = days + 719_468
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + shifted / 146_097 * 400 + (month <= 2 ? 1 : 0)
    }
}

private func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
