/// The value of a `Content-Type` field (RFC 9110, section 8.3.1), as far as a body needs it.
struct MediaType {
    /// Type and subtype in lower case.
    let name: String
    /// The parameter `charset` in lower case; nil when it is absent or empty.
    let charset: String?

    /// Reads a value; nil when any part of it is not well-formed.
    ///
    /// As in Express, a bad parameter spoils the whole: such a body has no type and is not read.
    init?(_ value: String) {
        let bytes = Array(value.utf8)
        var reader = Reader(bytes: bytes)
        let end = bytes.firstIndex(of: UInt8(ascii: ";")) ?? bytes.endIndex
        guard let name = Self.name(bytes[..<end]) else { return nil }
        self.name = name

        reader.index = end
        var charset = ""
        while reader.index < bytes.endIndex {
            guard let parameter = reader.parameter() else { return nil }
            // Of several the last counts.
            if parameter.name.lowercased() == "charset" {
                charset = parameter.value.lowercased()
            }
        }
        self.charset = charset.isEmpty ? nil : charset
    }

    private static func name(_ bytes: ArraySlice<UInt8>) -> String? {
        let isBlank = { (byte: UInt8) in byte == 0x20 || (0x09...0x0D).contains(byte) }
        let trimmed = bytes.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
        let parts = trimmed.split(
            separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isToken) })
        else { return nil }
        return String(decoding: trimmed, as: UTF8.self).lowercased()
    }
}

/// Reads parameters: `; name=value`, where a value is a token or quoted.
private struct Reader {
    let bytes: [UInt8]
    var index = 0

    /// The parameter from here to the next, or nil when it is not well-formed.
    ///
    /// Blanks, but no tabs, may stand around each part: so Express had it, the RFC is stricter.
    mutating func parameter() -> (name: String, value: String)? {
        guard skip(UInt8(ascii: ";")) else { return nil }
        skipBlanks()
        guard let name = token() else { return nil }
        skipBlanks()
        guard skip(UInt8(ascii: "=")) else { return nil }
        skipBlanks()
        guard let value = peek == UInt8(ascii: "\"") ? quoted() : token() else { return nil }
        skipBlanks()
        return (name, value)
    }

    private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func skip(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        index += 1
        return true
    }

    private mutating func skipBlanks() {
        while peek == UInt8(ascii: " ") { index += 1 }
    }

    private mutating func token() -> String? {
        let start = index
        while let byte = peek, byte.isToken { index += 1 }
        return index > start ? String(decoding: bytes[start..<index], as: UTF8.self) : nil
    }

    /// A quoted string (RFC 9110, section 5.6.4) without its quotes and escapes.
    private mutating func quoted() -> String? {
        var value: [UInt8] = []
        index += 1
        while let byte = peek {
            index += 1
            switch byte {
            case UInt8(ascii: "\""):
                return String(decoding: value, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let escaped = peek, escaped == 0x0B || escaped >= 0x20 else { return nil }
                value.append(escaped)
                index += 1
            case 0x0B, 0x20...0x7E, 0x80...:
                value.append(byte)
            default:
                return nil
            }
        }
        return nil
    }
}

extension UInt8 {
    /// Whether a token may hold the byte (RFC 9110, section 5.6.2).
    fileprivate var isToken: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default:
            "!#$%&'*+-.^_`|~".utf8.contains(self)
        }
    }
}
