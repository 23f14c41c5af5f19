/// Parses the durations that settings contain, such as `15m`.
package enum Lifetime {
    /// The maximum duration, which is ten years of 365 days.
    ///
    /// This is far below the duration at which a date would overflow.
    package static let longest = Duration.seconds(3650 * 86400)

    /// Parses a whole number above zero, followed by the unit `s`, `m`, `h` or `d`.
    ///
    /// A number without a unit is in seconds.
    package static func parse(_ text: String) throws(InvalidValue) -> Duration {
        let lifetime = try parseOrZero(text)
        guard lifetime > .zero else {
            throw InvalidValue("\(text.quoted) is zero; write 1s or more, such as 15m")
        }
        return lifetime
    }

    /// Parses a duration as `parse(_:)` does, but also accepts zero.
    package static func parseOrZero(_ text: String) throws(InvalidValue) -> Duration {
        var digits = text.trimmingBlanks.utf8[...]
        var seconds: Int64 = 1
        if let unit = digits.last, let length = secondsPerUnit[unit] {
            seconds = length
            digits.removeLast()
        }
        guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw InvalidValue(
                """
                \(text.quoted) is not a duration; write a whole number and one of s, m, h, d, \
                such as 15m
                """)
        }
        // If the number does not fit into 64 bits, use `.max`, which is reported as too long.
        let number = Int64(Substring(digits)) ?? .max
        let (product, overflows) = number.multipliedReportingOverflow(by: seconds)
        guard !overflows, .seconds(product) <= longest else {
            throw InvalidValue("\(text.quoted) is too long; write 3650d or less")
        }
        return .seconds(product)
    }

    private static let secondsPerUnit: [UInt8: Int64] = [
        UInt8(ascii: "s"): 1, UInt8(ascii: "m"): 60, UInt8(ascii: "h"): 3600,
        UInt8(ascii: "d"): 86400,
    ]
}
