extension Form {
    /// Replaces `%5B` and `%5D` in a form by brackets, as qs does before it splits the form.
    static func withPlainBrackets(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.contains(UInt8(ascii: "%")) else { return bytes }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let byte = escapedByte(bytes[index...])
            if let byte, byte == UInt8(ascii: "[") || byte == UInt8(ascii: "]") {
                result.append(byte)
                index += 3
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result
    }

    /// Decodes a key or a value, in which a plus sign stands for a space.
    ///
    /// In UTF-8, one invalid escape leaves all escapes unchanged, because ECMAScript's
    /// `decodeURIComponent` throws. In Latin-1, only the invalid escape is left unchanged, as in
    /// ECMAScript's `unescape`.
    static func decoded(_ part: ArraySlice<UInt8>, _ charset: Charset) -> String {
        let plain = part.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: " ") : $0 }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(plain.count)
        var isValid = true
        var index = 0
        while index < plain.count {
            if let byte = escapedByte(plain[index...]) {
                bytes.append(byte)
                index += 3
            } else {
                isValid = isValid && plain[index] != UInt8(ascii: "%")
                bytes.append(plain[index])
                index += 1
            }
        }
        if charset == .latin1 {
            return String(decoding: charset.utf8(bytes), as: UTF8.self)
        }
        // Only decoded escapes can make the text invalid UTF-8. In that case, leave all escapes
        // unchanged.
        let text = isValid ? String(validating: bytes, as: UTF8.self) : nil
        return text ?? String(decoding: plain, as: UTF8.self)
    }

    /// The bytes with invalid UTF-8 replaced by U+FFFD.
    static func repaired(_ bytes: [UInt8]) -> [UInt8] {
        Array(String(decoding: bytes, as: UTF8.self).utf8)
    }

    /// Decodes an escape such as `%5B` at the start of the bytes; `nil` if none exists.
    private static func escapedByte(_ bytes: ArraySlice<UInt8>) -> UInt8? {
        guard bytes.count >= 3, bytes.first == UInt8(ascii: "%"),
            let high = hexValue(bytes[bytes.startIndex + 1]),
            let low = hexValue(bytes[bytes.startIndex + 2])
        else { return nil }
        return high << 4 | low
    }

    private static func hexValue(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
