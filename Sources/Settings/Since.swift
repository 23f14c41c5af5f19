import Glibc
package import Identity

/// Parses the time since which events are listed.
package enum Since {
    /// Parses a time in UTC as ISO 8601, or a duration before the current time, such as `2h`.
    ///
    /// Durations have the same format as in the settings.
    ///
    /// - Throws: `InvalidValue`.
    package static func parse(
        _ text: String, at now: Timestamp
    ) throws(InvalidValue) -> Timestamp {
        if let duration = try? Lifetime.parse(text) {
            return Timestamp(milliseconds: now.milliseconds - duration.components.seconds * 1000)
        }
        guard let time = time(text) else {
            throw InvalidValue(
                """
                \(text.quoted) is neither a duration, such as 2h, nor a time, such as 2026-11-24 \
                or 2026-11-24T08:30Z
                """)
        }
        return time
    }

    /// Parses a date such as `2026-11-24`, optionally followed by a time such as `T08:30`,
    /// `T08:30:15` or `T08:30:15.250`, with or without `Z`.
    ///
    /// `gatehouse events` prints the longest of these forms.
    private static func time(_ text: String) -> Timestamp? {
        var rest = text.utf8[...]
        guard let year = rest.digits(4), rest.take("-"), let month = rest.digits(2),
            rest.take("-"), let day = rest.digits(2)
        else { return nil }
        var (hour, minute, second, milliseconds): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
        if rest.take("T") {
            guard let hours = rest.digits(2), rest.take(":"), let minutes = rest.digits(2) else {
                return nil
            }
            (hour, minute) = (hours, minutes)
            if rest.take(":") {
                guard let seconds = rest.digits(2) else { return nil }
                second = seconds
                if rest.take(".") {
                    guard let fraction = rest.digits(3) else { return nil }
                    milliseconds = fraction
                }
            }
            _ = rest.take("Z")
        }
        guard rest.isEmpty else { return nil }

        var parts = tm()
        (parts.tm_year, parts.tm_mon, parts.tm_mday) = (year - 1900, month - 1, day)
        (parts.tm_hour, parts.tm_min, parts.tm_sec) = (hour, minute, second)
        // timegm(3) changes an invalid date into a valid one, such as February 30 into March 2. The
        // comparison below detects such a change.
        let seconds = timegm(&parts)
        guard (parts.tm_year, parts.tm_mon, parts.tm_mday) == (year - 1900, month - 1, day),
            (parts.tm_hour, parts.tm_min, parts.tm_sec) == (hour, minute, second)
        else { return nil }
        return Timestamp(milliseconds: Int64(seconds) * 1000 + Int64(milliseconds))
    }
}

extension Substring.UTF8View {
    /// Removes exactly `count` ASCII digits from the front and returns their value.
    fileprivate mutating func digits(_ count: Int) -> Int32? {
        let number = Int32(wholeNumber: Substring(prefix(count)))
        guard prefix(count).count == count, let number else { return nil }
        removeFirst(count)
        return number
    }

    /// Removes `character` if the text starts with it, and returns whether it did.
    fileprivate mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard let first, Unicode.Scalar(first) == character else { return false }
        removeFirst()
        return true
    }
}
