/// Converts web origins (RFC 6454) to the form that browsers use in the `Origin` header.
package enum Origin {
    /// Reads a comma-separated list of origins.
    package static func parseList(_ text: String) throws(InvalidValue) -> Set<String> {
        guard !text.trimmingBlanks.isEmpty else { return [] }
        var origins: Set<String> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            origins.insert(try parse(String(String(part).trimmingBlanks)))
        }
        return origins
    }

    /// Whether a page of this origin can be changed on its way to the browser.
    ///
    /// A page that this machine serves cannot be changed, even over http
    /// (https://w3c.github.io/webappsec-secure-contexts, section 3.1).
    package static func isInsecure(_ origin: String) -> Bool {
        let scheme = "http://"
        guard origin.hasPrefix(scheme) else { return false }
        var host = origin.dropFirst(scheme.count)
        if let colon = host.lastIndex(of: ":"), !host.hasSuffix("]") { host = host[..<colon] }
        if host.hasPrefix("[") { host = host.dropFirst().dropLast() }
        return !ListenAddress.isLoopback(host) && !host.hasSuffix(".localhost")
    }

    /// Parses an origin of the form `scheme://host[:port]`.
    ///
    /// The result is in lower case and omits the scheme's default port, because browsers send
    /// origins in this form.
    private static func parse(_ text: String) throws(InvalidValue) -> String {
        let fix = "write scheme://host or scheme://host:port, such as https://app.example.com"
        let notAnOrigin = InvalidValue("\(text.quoted) is not an origin; \(fix)")

        let origin = text.lowercased()
        guard let slashes = origin.firstRange(of: "://") else { throw notAnOrigin }
        let scheme = origin[..<slashes.lowerBound]
        guard let initial = scheme.utf8.first, isLetter(initial),
            scheme.utf8.allSatisfy({ isLetter($0) || isDigit($0) || "+-.".utf8.contains($0) })
        else { throw notAnOrigin }

        let authority = origin[slashes.upperBound...]
        guard !authority.contains("/") else {
            throw InvalidValue(
                "\(text.quoted) has more than a host and a port; \(fix), without a path or a / at its end"
            )
        }
        var host = authority
        var port: UInt16?
        // If an IPv6 address in brackets has no port, the last colon is part of the address.
        if let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") {
            host = authority[..<colon]
            guard let number = UInt16(wholeNumber: authority[authority.index(after: colon)...]),
                number > 0
            else { throw InvalidValue("\(text.quoted) has no port from 1 to 65535; \(fix)") }
            port = number
        }
        guard isHost(host) else { throw notAnOrigin }
        let isDefaultPort = (scheme == "https" && port == 443) || (scheme == "http" && port == 80)
        let suffix = port.map { isDefaultPort ? "" : ":\($0)" } ?? ""
        return "\(scheme)://\(host)\(suffix)"
    }

    private static func isHost(_ host: Substring) -> Bool {
        if host.hasPrefix("["), host.hasSuffix("]") {
            let address = host.dropFirst().dropLast()
            return address.contains(":")
                && address.utf8.allSatisfy { isDigit($0) || ":.abcdef".utf8.contains($0) }
        }
        // Browsers send host names with non-ASCII characters in Punycode, so the setting must also
        // contain them in Punycode.
        return !host.isEmpty
            && host.utf8.allSatisfy { isLetter($0) || isDigit($0) || "-._".utf8.contains($0) }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
