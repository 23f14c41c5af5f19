extension MediaType {
    /// Reads parameters such as `; name=value`, where the value is a token or a quoted string.
    ///
    /// As in RFC 9110, section 5.6.6, spaces and tabs may surround a semicolon, and the parameter
    /// after a semicolon may be missing.
    struct Reader {
        let bytes: [UInt8]
        var index = 0

        /// Skips semicolons and blanks; returns false if the next parameter is not separated from
        /// what comes before it.
        mutating func skipSeparators() -> Bool {
            var isSeparated = false
            skipBlanks()
            while skip(UInt8(ascii: ";")) {
                isSeparated = true
                skipBlanks()
            }
            return isSeparated || isAtEnd
        }

        /// True if all bytes have been read.
        var isAtEnd: Bool { index == bytes.endIndex }

        /// Reads the next parameter; `nil` if it is malformed.
        ///
        /// As in Express, blanks may surround the `=`, which RFC 9110, section 5.6.6, does not
        /// allow.
        mutating func parameter() -> (name: String, value: String)? {
            guard let name = token() else { return nil }
            skipBlanks()
            guard skip(UInt8(ascii: "=")) else { return nil }
            skipBlanks()
            guard let value = peek == UInt8(ascii: "\"") ? quoted() : token() else { return nil }
            return (name, value)
        }

        private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

        private mutating func skip(_ byte: UInt8) -> Bool {
            guard peek == byte else { return false }
            index += 1
            return true
        }

        private mutating func skipBlanks() {
            while peek == UInt8(ascii: " ") || peek == UInt8(ascii: "\t") { index += 1 }
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
                    guard let escaped = peek, Self.isText(escaped) else { return nil }
                    value.append(escaped)
                    index += 1
                case _ where Self.isText(byte): value.append(byte)
                default: return nil
                }
            }
            return nil
        }

        /// True for every byte except control characters; a tab is text, and so is the vertical tab
        /// that Express allows.
        private static func isText(_ byte: UInt8) -> Bool {
            byte >= 0x20 && byte != 0x7F || byte == 0x09 || byte == 0x0B
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
