/// Parses web origins (RFC 6454) into the form in which browsers send them in `Origin`.
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

    /// Reads `scheme://host[:port]`, in lower case and without the scheme's default port, because
    /// browsers send it that way.
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
            throw InvalidValue("\(text.quoted) has a path; \(fix), without a / at its end")
        }
        var host = authority
        var port: UInt16?
        // In an IPv6 address in brackets without a port, the last colon does not start a port.
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
        // Browsers send names outside ASCII in Punycode, so the setting must use it too.
        return !host.isEmpty
            && host.utf8.allSatisfy { isLetter($0) || isDigit($0) || "-._".utf8.contains($0) }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
