import EmailAddress
package import Settings

/// The name under which people reach a site, such as `www.example.com`.
package struct HostName: Equatable, Sendable, CustomStringConvertible {
    /// The name in lower case, with A-labels (`xn--…`) in place of labels that are not ASCII.
    ///
    /// nginx compares this name with the Host header, in which browsers write A-labels.
    let text: String

    /// Parses a host name.
    ///
    /// - Throws: `InvalidValue` if the string is not a host name but, for example, a URL, an IP
    ///   address or a pattern.
    package init(_ text: String) throws(InvalidValue) {
        guard let name = DomainName(text, minimumLabels: 1) else {
            let example = Self.hostName(in: text) ?? "www.example.com"
            throw InvalidValue("\(text.quoted) \(Self.problem(of: text)); write \(example)")
        }
        self.text = name.text
    }

    package var description: String { text }

    private static func problem(of text: String) -> String {
        if text.isEmpty { return "is empty" }
        if text.contains("://") { return "is a URL, not a host name" }
        if text.contains("/") { return "has a path, which is not part of a host name" }
        if text.contains("*") { return "is a pattern, not the name of one host" }
        if isAddress(text) { return "is an IP address; a certificate and cookies need a name" }
        if text.contains(":") { return "has a port, which belongs in settings/listen.conf" }
        return "is not a host name"
    }

    private static func isAddress(_ text: String) -> Bool {
        let digits = text.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E }
        return digits || text.hasPrefix("[") || text.utf8.filter { $0 == 0x3A }.count > 1
    }

    /// The host name in a URL or in a name with a port; nil if it has none.
    private static func hostName(in text: String) -> String? {
        var rest = text[...]
        if let scheme = rest.firstRange(of: "://") { rest = rest[scheme.upperBound...] }
        rest = rest.prefix { $0 != "/" && $0 != ":" }
        if rest.hasPrefix("*.") { rest = rest.dropFirst(2) }
        guard !isAddress(String(rest)) else { return nil }
        return DomainName(String(rest), minimumLabels: 1)?.text
    }
}
