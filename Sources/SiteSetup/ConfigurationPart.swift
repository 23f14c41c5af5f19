import Doctor

/// The smallest run of lines of an nginx configuration file that contains only complete directives.
///
/// It is usually one line. It is longer if a directive or a block spans several lines.
struct ConfigurationPart {
    let lines: [String]
    /// The top-level directives of this part; empty if there are only comments, or if this part is
    /// the rest of a file and cannot be parsed.
    let directives: [NginxDirective]

    /// Splits the text of a file; joining the lines of all parts gives the text again.
    static func parts(of text: String) -> [ConfigurationPart] {
        var parts: [ConfigurationPart] = []
        var open: [String] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            open.append(String(line))
            // Parsing fails if the lines end in the middle of a directive, a block or a quoted
            // word. The next line is then added.
            let bytes = Array(open.joined(separator: "\n").utf8)
            guard let directives = try? NginxDirective.parse(bytes) else { continue }
            parts.append(ConfigurationPart(lines: open, directives: directives))
            open = []
        }
        return open.isEmpty ? parts : parts + [ConfigurationPart(lines: open, directives: [])]
    }
}
