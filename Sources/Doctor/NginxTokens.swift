/// Splits the text of an nginx configuration file into words and the signs `;`, `{` and `}`,
/// following the rules of nginx's function `ngx_conf_read_token`.
struct NginxTokens {
    enum Token { case word(String), end, open, close }

    private var rest: ArraySlice<UInt8>

    init(_ text: [UInt8]) { rest = text[...] }

    /// Returns the next token; nil at the end of the text.
    mutating func next() throws -> Token? {
        skipBlanksAndComments()
        guard let first = rest.first else { return nil }
        switch first {
        case UInt8(ascii: ";"), UInt8(ascii: "{"), UInt8(ascii: "}"):
            rest.removeFirst()
            return first == UInt8(ascii: ";") ? .end : first == UInt8(ascii: "{") ? .open : .close
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            rest.removeFirst()
            let word = word { byte, _ in byte == first }
            guard rest.popFirst() == first else { throw Skipped("nginx's quotes do not match") }
            return .word(word)
        default:
            // An opening brace ends a word, except in `${name}`, which is a variable in the word.
            return .word(
                word { byte, previous in
                    Self.isBlank(byte) || byte == UInt8(ascii: ";")
                        || byte == UInt8(ascii: "{") && previous != UInt8(ascii: "$")
                })
        }
    }

    private mutating func skipBlanksAndComments() {
        while let byte = rest.first {
            if byte == UInt8(ascii: "#") {
                rest = rest.drop { $0 != 0x0A }
            } else if Self.isBlank(byte) {
                rest.removeFirst()
            } else {
                return
            }
        }
    }

    /// Reads a word, up to the byte that ends it.
    ///
    /// A backslash before a quote or before another backslash is dropped. Any other backslash is
    /// kept, since it belongs to a regular expression.
    private mutating func word(endsAt isEnd: (_ byte: UInt8, _ previous: UInt8?) -> Bool) -> String
    {
        var word: [UInt8] = []
        while let byte = rest.first, !isEnd(byte, word.last) {
            rest.removeFirst()
            if byte == UInt8(ascii: "\\"), let next = rest.popFirst() {
                word += "\"'\\".utf8.contains(next) ? [next] : [byte, next]
            } else {
                word.append(byte)
            }
        }
        return String(decoding: word, as: UTF8.self)
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }
}
