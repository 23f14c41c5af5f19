/// Parses durations as settings write them, such as `15m`.
package enum Lifetime {
    /// The maximum duration: ten years of 365 days, far below the point where a date overflows.
    package static let longest = Duration.seconds(3650 * 86400)

    /// Reads a whole number and a unit, one of `s`, `m`, `h`, `d`; digits alone are seconds.
    package static func parse(_ text: String) throws(InvalidValue) -> Duration {
        let lifetime = try parseOrZero(text)
        guard lifetime > .zero else {
            throw InvalidValue("\(text.quoted) is zero; write 1s or more, such as 15m")
        }
        return lifetime
    }

    /// Reads a duration like `parse(_:)`, but also accepts zero.
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
        // A number that does not fit in 64 bits is also too long.
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
