/// A directive of an nginx configuration, with its words and the directives inside its braces.
package struct NginxDirective: Equatable {
    let words: [String]
    /// The directives inside the braces; nil if the directive ends with a semicolon.
    var block: [NginxDirective]?

    package var name: String { words.first ?? "" }
    package var arguments: [String] { Array(words.dropFirst()) }

    /// Returns the directives of the given name in this block and in all blocks inside this one.
    func all(_ name: String) -> [NginxDirective] {
        (block ?? []).flatMap { ($0.name == name ? [$0] : []) + $0.all(name) }
    }

    /// Returns the directives of the given name that are directly in this block.
    func own(_ name: String) -> [NginxDirective] { (block ?? []).filter { $0.name == name } }

    /// Parses the text of a configuration file.
    ///
    /// - Throws: `Skipped` if braces or quotes do not match; nginx rejects such a file as well.
    package static func parse(_ text: [UInt8]) throws -> [NginxDirective] {
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
