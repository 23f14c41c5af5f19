/// How long a token lives, as settings write it.
package enum Lifetime {
    /// The longest lifetime: ten years of 365 days, far from where a date could overflow.
    package static let longest = Duration.seconds(3650 * 86400)

    /// Reads a whole number and one of `s`, `m`, `h`, `d`; digits alone are seconds.
    package static func parse(_ text: String) throws(InvalidValue) -> Duration {
        let lifetime = try parseOrZero(text)
        guard lifetime > .zero else {
            throw InvalidValue("\(text.quoted) is no time at all; write 1s or more, such as 15m")
        }
        return lifetime
    }

    /// Reads the same, where no time at all will do.
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
        // More digits than fit are too long a time as well.
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
