/// The value of a cookie in a `Cookie` field (RFC 6265, section 5.4); `nil` when it is not there
/// or empty.
///
/// Of two with one name the first counts: the more specific path (same section). Quotes around
/// and percent escapes inside a value are undone, as the Express backend did.
func cookieValue(_ name: StaticString, in field: String) -> String? {
    let text = field.utf8.span
    var start = 0
    while start < text.count {
        let end = text.firstIndex(of: UInt8(ascii: ";"), in: start..<text.count) ?? text.count
        if let equals = text.firstIndex(of: UInt8(ascii: "="), in: start..<end),
            text.holds(name, in: text.trimmed(start..<equals))
        {
            let value = text.unquoted(text.trimmed((equals + 1)..<end))
            if value.isEmpty { return nil }
            let encoded = field.text(in: value)
            return percentDecoded(encoded) ?? encoded
        }
        start = end + 1
    }
    return nil
}

extension Span<UInt8> {
    fileprivate func firstIndex(of byte: UInt8, in range: Range<Int>) -> Int? {
        for index in range where self[index] == byte { return index }
        return nil
    }

    fileprivate func holds(_ name: StaticString, in range: Range<Int>) -> Bool {
        guard range.count == name.utf8CodeUnitCount else { return false }
        return name.withUTF8Buffer { name in
            for index in name.indices where name[index] != self[range.lowerBound + index] {
                return false
            }
            return true
        }
    }

    /// Without blanks and tabs at both ends.
    fileprivate func trimmed(_ range: Range<Int>) -> Range<Int> {
        var (lower, upper) = (range.lowerBound, range.upperBound)
        while lower < upper, self[lower] == 0x20 || self[lower] == 0x09 { lower += 1 }
        while lower < upper, self[upper - 1] == 0x20 || self[upper - 1] == 0x09 { upper -= 1 }
        return lower..<upper
    }

    /// Without the quotes around it, if it has some.
    fileprivate func unquoted(_ range: Range<Int>) -> Range<Int> {
        let quote = UInt8(ascii: "\"")
        guard range.count > 1, self[range.lowerBound] == quote, self[range.upperBound - 1] == quote
        else { return range }
        return (range.lowerBound + 1)..<(range.upperBound - 1)
    }
}

extension String {
    /// The bytes of a range.
    fileprivate func text(in range: Range<Int>) -> String {
        let start = utf8.index(utf8.startIndex, offsetBy: range.lowerBound)
        return String(self[start..<utf8.index(start, offsetBy: range.count)])
    }
}

/// A text with its percent escapes undone; `nil` when they are malformed or not UTF-8.
func percentDecoded(_ text: String) -> String? {
    let escaped = text.utf8.span
    var index = 0
    while index < escaped.count, escaped[index] != UInt8(ascii: "%") { index += 1 }
    if index == escaped.count { return text }

    var bytes: [UInt8] = []
    index = 0
    while index < escaped.count {
        if escaped[index] != UInt8(ascii: "%") {
            bytes.append(escaped[index])
            index += 1
            continue
        }
        guard index + 2 < escaped.count, let high = escaped[index + 1].hexadecimalDigit,
            let low = escaped[index + 2].hexadecimalDigit
        else { return nil }
        bytes.append(high << 4 | low)
        index += 3
    }
    return String(validating: bytes, as: UTF8.self)
}

extension UInt8 {
    fileprivate var hexadecimalDigit: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
