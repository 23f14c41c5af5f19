/// Bytes as text for URLs and tokens: RFC 4648, section 5, without padding.
public enum Base64URL {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// What each byte of a text stands for; `foreign` for what is not in the alphabet.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: foreign, count: 256)
        for (value, byte) in alphabet.enumerated() { values[Int(byte)] = UInt8(value) }
        return values
    }()
    private static let foreign: UInt8 = 0xFF

    /// Encodes bytes at the end of a text.
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

    /// Decodes a text, if it is the one text that stands for its bytes.
    ///
    /// A token that could be written in two ways would have two names. So there is no padding, no
    /// blank, no length that no bytes encode to, and the bits left over are zero (RFC 4648, 3.5).
    ///
    /// - Returns: `nil` for any other text.
    public static func decode(_ text: Span<UInt8>) -> [UInt8]? {
        guard text.count % 4 != 1 else { return nil }
        let values = values.span
        var bytes = [UInt8](repeating: 0, count: text.count * 3 / 4)
        var plain = bytes.mutableSpan
        var next = 0
        var bits: UInt32 = 0
        var held: UInt32 = 0
        for index in text.indices {
            let value = values[Int(text[index])]
            guard value != foreign else { return nil }
            bits = bits << 6 | UInt32(value)
            held += 6
            if held >= 8 {
                held -= 8
                plain[next] = UInt8(truncatingIfNeeded: bits >> held)
                next += 1
            }
        }
        guard bits & (1 << held - 1) == 0 else { return nil }
        return bytes
    }
}
