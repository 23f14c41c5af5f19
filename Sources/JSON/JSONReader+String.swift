extension JSONReader {
    /// Reads a string; the position must be at its opening quote.
    mutating func readString(_ text: Span<UInt8>) throws(JSONError) -> String {
        let start = position + 1
        let isPlain = try skipString(text)
        let string = text.extracting(start..<(position - 1))
        if isPlain, let utf8 = try? UTF8Span(validating: string) {
            return String(copying: utf8)
        }
        return String(decoding: Self.unescaped(string), as: UTF8.self)
    }

    /// Validates a string and moves past it; the position must be at its opening quote.
    ///
    /// - Returns: True if the string has no escapes.
    @discardableResult
    mutating func skipString(_ text: Span<UInt8>) throws(JSONError) -> Bool {
        guard peek(text) == .quote else { throw .malformed }
        var isPlain = true
        position += 1
        while position < text.count {
            let byte = text[position]
            position += 1
            if byte == .quote {
                return isPlain
            }
            if byte == .backslash {
                isPlain = false
                try skipEscape(text)
            } else if byte < 0x20 {
                throw .malformed
            }
        }
        throw .malformed
    }

    private mutating func skipEscape(_ text: Span<UInt8>) throws(JSONError) {
        guard let letter = peek(text) else { throw .malformed }
        position += 1
        if letter == UInt8(ascii: "u") {
            guard Self.codeUnit(text, at: position) != nil else { throw .malformed }
            position += 4
        } else if Self.value(ofEscape: letter) == nil {
            throw .malformed
        }
    }

    /// Returns the bytes of a validated string, with its escapes decoded.
    private static func unescaped(_ string: Span<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(string.count)
        var index = 0
        while index < string.count {
            if string[index] != .backslash {
                bytes.append(string[index])
                index += 1
            } else if let byte = value(ofEscape: string[index + 1]) {
                bytes.append(byte)
                index += 2
            } else {
                let (scalar, length) = scalar(string, at: index)
                // JavaScript keeps a lone surrogate, but UTF-8 cannot represent one.
                bytes.append(contentsOf: String(scalar ?? "\u{FFFD}").utf8)
                index += length
            }
        }
        return bytes
    }

    /// Decodes a `\u` escape, or two escapes that form a surrogate pair.
    ///
    /// The scalar of a lone surrogate is `nil`.
    private static func scalar(
        _ string: Span<UInt8>, at index: Int
    ) -> (scalar: Unicode.Scalar?, length: Int) {
        guard let unit = codeUnit(string, at: index + 2) else { return (nil, 6) }
        guard UTF16.isLeadSurrogate(unit), index + 7 < string.count,
            string[index + 6] == .backslash, string[index + 7] == UInt8(ascii: "u"),
            let trail = codeUnit(string, at: index + 8), UTF16.isTrailSurrogate(trail)
        else {
            return (Unicode.Scalar(unit), 6)
        }
        let value = 0x10000 + UInt32(unit & 0x3FF) << 10 + UInt32(trail & 0x3FF)
        return (Unicode.Scalar(value), 12)
    }

    /// Decodes four hexadecimal digits to a UTF-16 code unit.
    private static func codeUnit(_ text: Span<UInt8>, at index: Int) -> UInt16? {
        guard index + 4 <= text.count else { return nil }
        var unit: UInt16 = 0
        for place in index..<(index + 4) {
            let byte = text[place]
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                unit = unit << 4 | UInt16(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"):
                unit = unit << 4 | UInt16((byte | 0x20) - UInt8(ascii: "a") + 10)
            default:
                return nil
            }
        }
        return unit
    }

    private static func value(ofEscape letter: UInt8) -> UInt8? {
        switch letter {
        case .quote, .backslash, UInt8(ascii: "/"): letter
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: nil
        }
    }
}
