extension MediaType {
    /// Reads parameters such as `; name=value`, where the value is a token or a quoted string.
    struct Reader {
        let bytes: [UInt8]
        var index = 0

        /// Reads the next parameter; `nil` if it is malformed.
        ///
        /// As in Express, spaces may surround each part of the parameter, but tabs may not.
        /// RFC 9110, section 5.6.6, allows no spaces around the `=`.
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

        /// Reads a quoted string (RFC 9110, section 5.6.4) and removes its quotes and escapes.
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
}

extension UInt8 {
    /// True if a token may contain the byte (RFC 9110, section 5.6.2).
    var isToken: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default:
            "!#$%&'*+-.^_`|~".utf8.contains(self)
        }
    }
}
