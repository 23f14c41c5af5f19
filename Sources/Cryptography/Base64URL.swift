/// Base64 for URLs and tokens (RFC 4648, section 5), without padding.
public enum Base64URL {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// A look-up table for decoding, with 256 values for each of the four positions in a group.
    ///
    /// A group of four characters encodes a word of 24 bits. A value is the bits that a character
    /// at the position adds to the word. The index is the character's byte. A byte that is not in
    /// the alphabet has the value `invalid`.
    private static let bits: [UInt32] = {
        var bits = [UInt32](repeating: invalid, count: 4 * 256)
        for position in 0..<4 {
            for (value, byte) in alphabet.enumerated() {
                bits[256 * position + Int(byte)] = UInt32(value) << (18 - 6 * position)
            }
        }
        return bits
    }()
    /// The value of an invalid character: a bit that a word of 24 bits cannot have.
    private static let invalid: UInt32 = 1 << 31

    /// Appends the encoded form of bytes to an array of ASCII characters.
    public static func append(_ bytes: Span<UInt8>, to text: inout [UInt8]) {
        var next = text.count
        text.append(contentsOf: repeatElement(0, count: (bytes.count * 4 + 2) / 3))
        let alphabet = alphabet.span
        var letters = text.mutableSpan
        let (groups, rest) = bytes.count.quotientAndRemainder(dividingBy: 3)
        for group in 0..<groups {
            let start = group * 3
            let word =
                UInt32(bytes[start]) << 16 | UInt32(bytes[start + 1]) << 8
                | UInt32(bytes[start + 2])
            letters[next] = alphabet[Int(word >> 18)]
            letters[next + 1] = alphabet[Int(word >> 12 & 0x3F)]
            letters[next + 2] = alphabet[Int(word >> 6 & 0x3F)]
            letters[next + 3] = alphabet[Int(word & 0x3F)]
            next += 4
        }
        guard rest > 0 else { return }
        let start = groups * 3
        let word = UInt32(bytes[start]) << 16 | (rest == 2 ? UInt32(bytes[start + 1]) << 8 : 0)
        letters[next] = alphabet[Int(word >> 18)]
        letters[next + 1] = alphabet[Int(word >> 12 & 0x3F)]
        if rest == 2 { letters[next + 2] = alphabet[Int(word >> 6 & 0x3F)] }
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
        // `seen` collects the bits of all words. An invalid character sets the highest bit, which
        // is checked once at the end.
        var seen: UInt32 = 0
        let length = text.count * 3 / 4
        // A word of three bytes is stored as four, and the next word overwrites the fourth byte.
        // For the fourth byte of the last word, allocate one byte more than the result needs.
        let bytes = [UInt8](unsafeUninitializedCapacity: length + 1) { plain, filled in
            let plain = UnsafeMutableRawBufferPointer(plain)
            text.withUnsafeBufferPointer { text in
                bits.withUnsafeBufferPointer { bits in
                    func word(_ start: Int, letters count: Int) -> UInt32 {
                        var word: UInt32 = 0
                        for position in 0..<count {
                            word |= bits[256 * position + Int(text[start + position])]
                        }
                        return word
                    }
                    for group in 0..<groups {
                        let word = word(group * 4, letters: 4)
                        seen |= word
                        plain.storeBytes(
                            of: (word << 8).bigEndian, toByteOffset: group * 3, as: UInt32.self)
                    }
                    guard rest > 0 else { return }
                    let word = word(groups * 4, letters: rest)
                    seen |= word
                    plain[groups * 3] = UInt8(truncatingIfNeeded: word >> 16)
                    if rest == 3 { plain[groups * 3 + 1] = UInt8(truncatingIfNeeded: word >> 8) }
                    // The unused bits must be zero.
                    if word & (rest == 3 ? 0xFF : 0xFFFF) != 0 { seen = invalid }
                }
            }
            filled = length
        }
        return seen & invalid == 0 ? bytes : nil
    }
}
