/// The cost parameters of a yescrypt or scrypt hash, as `$y$`, `$gy$` and `$7$` encode them.
///
/// The encoding is that of `decode64_uint32` in libxcrypt's yescrypt-common.c.
struct YescryptOptions {
    /// The product of N and r, which is the memory in blocks of 128 bytes.
    let blocks: Double
    /// An upper bound on the number of passes over the memory; a hash with p = 1 and t = 0 counts
    /// as one pass.
    let passes: Double

    /// Parses the numbers flavour, log2 N and r, which the numbers p (parallelism) and t (time) may
    /// follow.
    ///
    /// The result is `nil` if the string is malformed. It is also `nil` for the parameters g and
    /// NROM, with which libxcrypt computes no hash.
    init?(_ text: Substring.UTF8View) {
        var digits = text.map(CryptString.value)[...]
        guard Self.number(&digits, minimum: 0) != nil,
            let exponent = Self.number(&digits, minimum: 1), exponent < 64,
            let r = Self.number(&digits, minimum: 1)
        else { return nil }
        var (p, t): (UInt64, UInt64) = (1, 0)
        if !digits.isEmpty {
            guard let present = Self.number(&digits, minimum: 1), present & ~3 == 0 else {
                return nil
            }
            if present & 1 != 0 {
                guard let value = Self.number(&digits, minimum: 2) else { return nil }
                p = value
            }
            if present & 2 != 0 {
                guard let value = Self.number(&digits, minimum: 1) else { return nil }
                t = value
            }
            guard digits.isEmpty else { return nil }
        }
        self.init(exponent: exponent, r: r, passes: Double(p) * Double(1 + t))
    }

    /// Parses scrypt's options: one base-64 digit for log2 N, five for r and five for p.
    ///
    /// The least significant digit of r and of p comes first.
    init?(scrypt text: Substring.UTF8View) {
        let digits = text.prefix(11).compactMap(CryptString.value)
        guard digits.count == 11 else { return nil }
        let r = digits[1...5].reversed().reduce(0) { $0 << 6 | $1 }
        let p = digits[6...].reversed().reduce(0) { $0 << 6 | $1 }
        self.init(exponent: digits[0], r: r, passes: Double(p))
    }

    private init(exponent: UInt64, r: UInt64, passes: Double) {
        blocks = Double(sign: .plus, exponent: Int(exponent), significand: 1) * Double(r)
        self.passes = passes
    }

    /// Consumes a number whose first digit also determines how many digits follow.
    private static func number(_ digits: inout ArraySlice<UInt64?>, minimum: UInt64) -> UInt64? {
        guard let first = digits.popFirst() ?? nil else { return nil }
        var (start, end): (UInt64, UInt64) = (0, 47)
        var number = minimum
        var bits: UInt64 = 0
        while first > end {
            number += (end + 1 - start) << bits
            start = end + 1
            end = start + (62 - end) / 2
            bits += 6
        }
        number += (first - start) << bits
        while bits > 0 {
            guard let digit = digits.popFirst() ?? nil else { return nil }
            bits -= 6
            number += digit << bits
        }
        return number <= UInt32.max ? number : nil
    }
}
