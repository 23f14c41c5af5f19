/// A web origin (RFC 6454) in the form in which browsers send it in `Origin`.
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

    /// Reads `scheme://host[:port]`; in lower case and without the scheme's own port, as sent.
    private static func parse(_ text: String) throws(InvalidValue) -> String {
        let cure = "write scheme://host or scheme://host:port, such as https://app.example.com"
        let unfit = InvalidValue("\(text.quoted) is not an origin; \(cure)")

        let origin = text.lowercased()
        guard let slashes = origin.firstRange(of: "://") else { throw unfit }
        let scheme = origin[..<slashes.lowerBound]
        guard let initial = scheme.utf8.first, isLetter(initial),
            scheme.utf8.allSatisfy({ isLetter($0) || isDigit($0) || "+-.".utf8.contains($0) })
        else { throw unfit }

        let authority = origin[slashes.upperBound...]
        guard !authority.contains("/") else {
            throw InvalidValue("\(text.quoted) has a path; \(cure), with no / after it")
        }
        var host = authority
        var port: UInt16?
        // The last colon of an IPv6 address in brackets is not a port's.
        if let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") {
            host = authority[..<colon]
            guard let number = UInt16(wholeNumber: authority[authority.index(after: colon)...]),
                number > 0
            else { throw InvalidValue("\(text.quoted) has no port from 1 to 65535; \(cure)") }
            port = number
        }
        guard isHost(host) else { throw unfit }
        let isUsual = (scheme == "https" && port == 443) || (scheme == "http" && port == 80)
        let suffix = port.map { isUsual ? "" : ":\($0)" } ?? ""
        return "\(scheme)://\(host)\(suffix)"
    }

    private static func isHost(_ host: Substring) -> Bool {
        if host.hasPrefix("["), host.hasSuffix("]") {
            let address = host.dropFirst().dropLast()
            return address.contains(":")
                && address.utf8.allSatisfy { isDigit($0) || ":.abcdef".utf8.contains($0) }
        }
        // Names outside ASCII are sent in punycode, so they are to be written in it.
        return !host.isEmpty
            && host.utf8.allSatisfy { isLetter($0) || isDigit($0) || "-._".utf8.contains($0) }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
