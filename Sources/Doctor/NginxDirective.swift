/// A directive of an nginx configuration: its words, and the directives inside its braces.
struct NginxDirective: Equatable {
    let words: [String]
    /// nil if the directive ends with a semicolon.
    var block: [NginxDirective]?

    var name: String { words.first ?? "" }
    var arguments: [String] { Array(words.dropFirst()) }

    /// Returns the directives with a name in this block and all blocks inside it.
    func all(_ name: String) -> [NginxDirective] {
        (block ?? []).flatMap { ($0.name == name ? [$0] : []) + $0.all(name) }
    }

    /// Returns the directives with a name directly in this block.
    func own(_ name: String) -> [NginxDirective] { (block ?? []).filter { $0.name == name } }

    /// Reads the text of a configuration file.
    ///
    /// - Throws: `Skipped` if braces or quotes do not match, which nginx rejects as well.
    static func parse(_ text: [UInt8]) throws -> [NginxDirective] {
        var tokens = NginxTokens(text)
        return try block(&tokens, isInner: false)
    }

    private static func block(
        _ tokens: inout NginxTokens, isInner: Bool
    ) throws -> [NginxDirective] {
        let mismatch = Skipped("nginx's braces do not match")
        var directives: [NginxDirective] = []
        var words: [String] = []
        while let token = try tokens.next() {
            switch token {
            case .word(let word): words.append(word)
            case .end:
                if !words.isEmpty { directives.append(NginxDirective(words: words)) }
                words = []
            case .open:
                let inner = try block(&tokens, isInner: true)
                directives.append(NginxDirective(words: words, block: inner))
                words = []
            case .close:
                guard isInner, words.isEmpty else { throw mismatch }
                return directives
            }
        }
        guard !isInner, words.isEmpty else { throw mismatch }
        return directives
    }
}
