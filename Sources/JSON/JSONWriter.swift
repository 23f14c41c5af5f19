/// Writes JSON piece by piece into a buffer.
///
/// The caller writes the structure: brackets, commas and names are literals, and only variable
/// strings are escaped. So a list can be written while its elements are still being read.
///
/// ```swift
/// writer.append(#"{"id":"#)
/// writer.append(number: person.id)
/// writer.append(#","firstName":"#)
/// writer.append(string: person.firstName)
/// writer.append("}")
/// ```
public struct JSONWriter: Sendable {
    /// The bytes written so far.
    public private(set) var bytes: [UInt8] = []

    /// Makes a writer with an initial capacity in bytes, which grows as needed.
    public init(capacity: Int = 0) {
        bytes.reserveCapacity(capacity)
    }

    /// Appends a piece of JSON without changes.
    ///
    /// `StaticString` accepts only literals, so input from a client cannot be written without
    /// escaping.
    public mutating func append(_ literal: StaticString) {
        literal.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    /// Appends a string or the name of a member, quoted and escaped.
    public mutating func append(string: String) {
        append(string: string.utf8.span)
    }

    /// Appends a string or the name of a member, given as valid UTF-8, quoted and escaped.
    ///
    /// As in JavaScript's `JSON.stringify`, quotes, backslashes and control characters below U+0020
    /// are escaped. All other characters, including DEL and U+2028, are written unchanged.
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

    /// Appends an integer.
    ///
    /// JavaScript reads integers exactly only up to 2^53.
    public mutating func append(number: Int64) {
        if number < 0 {
            bytes.append(UInt8(ascii: "-"))
        }
        var rest = number.magnitude
        var length = 1
        var bound: UInt64 = 10
        // The largest magnitude, 2^63, has 19 digits. So `bound` is at most 10^19 and never
        // overflows.
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

    /// Appends bytes up to the first one that must be escaped, and returns the index of that byte.
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
