import Settings

/// A directive of nginx's configuration: its words, and what is in its braces.
struct NginxDirective: Equatable {
    let words: [String]
    /// nil where it ends with a semicolon.
    var block: [NginxDirective]?

    var name: String { words.first ?? "" }
    var arguments: [String] { Array(words.dropFirst()) }

    /// All directives of a name in this one's block and in the blocks within.
    func all(_ name: String) -> [NginxDirective] {
        (block ?? []).flatMap { ($0.name == name ? [$0] : []) + $0.all(name) }
    }

    /// The directives of a name directly in this one's block.
    func own(_ name: String) -> [NginxDirective] {
        (block ?? []).filter { $0.name == name }
    }

    /// Reads a configuration file's text.
    ///
    /// - Throws: `Skipped` where braces or quotes do not match, which nginx refuses as well.
    static func parse(_ text: [UInt8]) throws -> [NginxDirective] {
        var words = NginxWords(text)
        return try block(&words, isInner: false)
    }

    private static func block(
        _ words: inout NginxWords, isInner: Bool
    ) throws -> [NginxDirective] {
        var directives: [NginxDirective] = []
        var line: [String] = []
        while let token = try words.next() {
            switch token {
            case .word(let word): line.append(word)
            case .end:
                if !line.isEmpty { directives.append(NginxDirective(words: line)) }
                line = []
            case .open:
                let inner = try block(&words, isInner: true)
                directives.append(NginxDirective(words: line, block: inner))
                line = []
            case .close:
                guard isInner, line.isEmpty else { throw Skipped("nginx's braces do not match") }
                return directives
            }
        }
        guard !isInner, line.isEmpty else { throw Skipped("nginx's braces do not match") }
        return directives
    }
}

/// The words and signs of a configuration file, as nginx's own reader takes them apart.
private struct NginxWords {
    enum Token { case word(String), end, open, close }

    private let text: [UInt8]
    private var index = 0

    init(_ text: [UInt8]) { self.text = text }

    /// The next word or sign; nil at the end.
    mutating func next() throws -> Token? {
        skipBlanksAndComments()
        guard index < text.count else { return nil }
        let byte = text[index]
        switch byte {
        case UInt8(ascii: ";"):
            index += 1
            return .end
        case UInt8(ascii: "{"):
            index += 1
            return .open
        case UInt8(ascii: "}"):
            index += 1
            return .close
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return .word(try quoted(byte))
        default: return .word(bare())
        }
    }

    private mutating func skipBlanksAndComments() {
        while index < text.count {
            if text[index] == UInt8(ascii: "#") {
                index = text[index...].firstIndex(of: 0x0A) ?? text.count
            } else if isBlank(text[index]) {
                index += 1
            } else {
                return
            }
        }
    }

    private mutating func quoted(_ quote: UInt8) throws -> String {
        var bytes: [UInt8] = []
        index += 1
        while index < text.count {
            let byte = text[index]
            index += 1
            if byte == quote { return String(decoding: bytes, as: UTF8.self) }
            // A backslash that is not before a quote or another is nginx's to understand later.
            if byte == UInt8(ascii: "\\"), index < text.count,
                text[index] == quote || text[index] == byte
            {
                bytes.append(text[index])
                index += 1
            } else {
                bytes.append(byte)
            }
        }
        throw Skipped("nginx's quotes do not match")
    }

    private mutating func bare() -> String {
        let start = index
        while index < text.count, !isBlank(text[index]), text[index] != UInt8(ascii: ";") {
            if text[index] == UInt8(ascii: "\\") {
                index = min(index + 2, text.count)
            } else if text[index] == UInt8(ascii: "{") {
                // `${name}` is a variable within a word; another brace opens a block.
                guard index > start, text[index - 1] == UInt8(ascii: "$") else { break }
                index = (text[index...].firstIndex(of: UInt8(ascii: "}")) ?? text.count - 1) + 1
            } else {
                index += 1
            }
        }
        return String(decoding: text[start..<index], as: UTF8.self)
    }

    private func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }
}
