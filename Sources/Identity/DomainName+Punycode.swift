extension DomainName {
    /// The encoding of non-ASCII labels in ASCII, RFC 3492.
    ///
    /// The names are the RFC's. Only the length of the encoding is wanted here.
    enum Punycode {
        private static let base = 36
        private static let tMin = 1
        private static let tMax = 26
        private static let skew = 38
        private static let damp = 700

        /// The number of letters, digits and hyphens that encode the label, `xn--` not among them.
        ///
        /// The cost is quadratic in the label's length.
        static func encodedLength(of label: some Collection<Unicode.Scalar>) -> Int {
            // RFC 3492, 6.3. No overflow: an address is short, and a code point has 21 bits of Int's 63.
            let codePoints = label.map { Int($0.value) }
            let basic = codePoints.count { $0 < 0x80 }
            var length = basic == 0 ? 0 : basic + 1
            var (n, delta, bias, handled) = (0x80, 0, 72, basic)
            while let next = codePoints.lazy.filter({ $0 >= n }).min() {
                delta += (next - n) * (handled + 1)
                n = next
                for codePoint in codePoints {
                    if codePoint < n { delta += 1 }
                    guard codePoint == n else { continue }
                    length += digitCount(of: delta, bias: bias)
                    bias = adapted(delta, count: handled + 1, isFirst: handled == basic)
                    delta = 0
                    handled += 1
                }
                delta += 1
                n += 1
            }
            return length
        }

        private static func digitCount(of delta: Int, bias: Int) -> Int {
            var (quotient, count, k) = (delta, 1, base)
            while true {
                let threshold = min(max(k - bias, tMin), tMax)
                guard quotient >= threshold else { return count }
                quotient = (quotient - threshold) / (base - threshold)
                count += 1
                k += base
            }
        }

        /// RFC 3492, 6.1.
        private static func adapted(_ delta: Int, count: Int, isFirst: Bool) -> Int {
            var delta = isFirst ? delta / damp : delta / 2
            delta += delta / count
            var k = 0
            while delta > (base - tMin) * tMax / 2 {
                delta /= base - tMin
                k += base
            }
            return k + (base - tMin + 1) * delta / (delta + skew)
        }
    }
}
