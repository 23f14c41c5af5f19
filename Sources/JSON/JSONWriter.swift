/// Writes JSON into bytes, one piece after the other.
///
/// The shape is the caller's: brackets, commas and names are literals, only what varies is
/// escaped. A list is written as its rows are read.
///
/// ```swift
/// writer.append(#"{"id":"#)
/// writer.append(number: person.id)
/// writer.append(#","firstName":"#)
/// writer.append(string: person.firstName)
/// writer.append("}")
/// ```
public struct JSONWriter: Sendable {
    /// What has been written.
    public private(set) var bytes: [UInt8] = []

    /// Makes a writer with room for so many bytes; it grows beyond.
    public init(capacity: Int = 0) {
        bytes.reserveCapacity(capacity)
    }

    /// Appends a piece of JSON as it stands.
    ///
    /// The type admits literals only, so that nothing from outside gets in unescaped.
    public mutating func append(_ literal: StaticString) {
        literal.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    /// Appends a string, or a member's name, quoted and escaped.
    public mutating func append(string: String) {
        append(string: string.utf8.span)
    }

    /// Appends a string, or a member's name, of bytes that are valid UTF-8, quoted and escaped.
    ///
    /// Escapes are those of JavaScript's `JSON.stringify`: quote, backslash and controls below
    /// U+0020. All else, also DEL and U+2028, is written as it is.
    public mutating func append(string: Span<UInt8>) {
        var index = 0
        bytes.append(.quote)
        while index < string.count {
            index = appendRun(of: string, from: index)
            if index < string.count {
                appendEscape(of: string[index])
                index += 1
            }
        }
        bytes.append(.quote)
    }

    /// Appends a whole number.
    ///
    /// JavaScript reads it exactly up to 2^53.
    public mutating func append(number: Int64) {
        if number < 0 {
            bytes.append(UInt8(ascii: "-"))
        }
        var rest = number.magnitude
        var length = 1
        var bound: UInt64 = 10
        // 2^63 has 19 digits, so the bound never overflows.
        while length < 19, rest >= bound {
            length += 1
            bound &*= 10
        }
        var place = bytes.count + length
        bytes.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: length))
        while rest > 0 {
            place -= 1
            bytes[place] += UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
    }

    /// Appends the bytes up to the first that must be escaped, and returns its index.
    private mutating func appendRun(of string: Span<UInt8>, from start: Int) -> Int {
        var index = start
        bytes.append(addingCapacity: string.count - start) { output in
            while index < string.count, !Self.mustEscape(string[index]) {
                output.append(string[index])
                index += 1
            }
        }
        return index
    }

    private static func mustEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == .quote || byte == .backslash
    }

    private mutating func appendEscape(of byte: UInt8) {
        bytes.append(.backslash)
        switch byte {
        case 0x08: bytes.append(UInt8(ascii: "b"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0C: bytes.append(UInt8(ascii: "f"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case .quote, .backslash: bytes.append(byte)
        default:
            append("u00")
            append(byte < 0x10 ? "0" : "1")
            let digit = byte & 0x0F
            bytes.append(digit + (digit < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10))
        }
    }
}
