/// Base64 for URLs and tokens (RFC 4648, section 5), without padding.
public enum Base64URL {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// The value of each character of the alphabet, indexed by the character's byte.
    ///
    /// The value at every other index is `invalid`.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: invalid, count: 256)
        for (value, byte) in alphabet.enumerated() { values[Int(byte)] = UInt8(value) }
        return values
    }()
    private static let invalid: UInt8 = 0xFF

    /// Appends the encoded form of bytes to an array of ASCII characters.
    public static func append(_ bytes: Span<UInt8>, to text: inout [UInt8]) {
        let start = text.count
        text.append(contentsOf: repeatElement(0, count: (bytes.count * 4 + 2) / 3))
        let alphabet = alphabet.span
        var letters = text.mutableSpan
        var next = start
        var bits: UInt32 = 0
        var held: UInt32 = 0
        for index in bytes.indices {
            bits = bits << 8 | UInt32(bytes[index])
            held += 8
            while held >= 6 {
                held -= 6
                letters[next] = alphabet[Int(bits >> held & 0x3F)]
                next += 1
            }
        }
        if held > 0 { letters[next] = alphabet[Int(bits << (6 - held) & 0x3F)] }
    }

    /// Decodes a string if it is the canonical encoding of its bytes.
    ///
    /// If other encodings were accepted, one token could be written in several ways. So padding,
    /// white space and impossible lengths are refused, and unused bits must be zero (RFC 4648,
    /// section 3.5).
    ///
    /// - Returns: The bytes, or `nil` if the string is not canonical.
    public static func decode(_ text: Span<UInt8>) -> [UInt8]? {
        let (groups, rest) = text.count.quotientAndRemainder(dividingBy: 4)
        guard rest != 1 else { return nil }
        // `seen` collects the bits of all values. An invalid character sets the highest bit, which
        // is checked once at the end.
        var seen: UInt8 = 0
        let length = text.count * 3 / 4
        var bytes = [UInt8](repeating: 0, count: length)
        bytes.withUnsafeMutableBufferPointer { plain in
            text.withUnsafeBufferPointer { text in
                values.withUnsafeBufferPointer { values in
                    func bits(_ index: Int) -> UInt32 {
                        let value = values[Int(text[index])]
                        seen |= value
                        return UInt32(value)
                    }
                    for group in 0..<groups {
                        let start = group * 4
                        let word =
                            bits(start) << 18 | bits(start + 1) << 12 | bits(start + 2) << 6
                            | bits(start + 3)
                        plain[group * 3] = UInt8(truncatingIfNeeded: word >> 16)
                        plain[group * 3 + 1] = UInt8(truncatingIfNeeded: word >> 8)
                        plain[group * 3 + 2] = UInt8(truncatingIfNeeded: word)
                    }
                    guard rest > 0 else { return }
                    let start = groups * 4
                    let word =
                        bits(start) << 18 | bits(start + 1) << 12
                        | (rest == 3 ? bits(start + 2) << 6 : 0)
                    plain[groups * 3] = UInt8(truncatingIfNeeded: word >> 16)
                    if rest == 3 { plain[groups * 3 + 1] = UInt8(truncatingIfNeeded: word >> 8) }
                    // The unused bits must be zero.
                    if word & (rest == 3 ? 0xFF : 0xFFFF) != 0 { seen = invalid }
                }
            }
        }
        return seen & 0x80 == 0 ? bytes : nil
    }
}
