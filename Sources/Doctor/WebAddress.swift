package import Settings

/// The address that people type to reach the site; its scheme is always https.
package struct WebAddress: Equatable, Sendable, CustomStringConvertible {
    /// A host name, or an IP address; an IPv6 address is in brackets.
    let host: String
    let port: UInt16

    init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// Parses `https://host` or `https://host:port`, with or without a slash at the end.
    ///
    /// - Throws: `InvalidValue` if the string has another form.
    package init(_ text: String) throws(InvalidValue) {
        let bare = text.hasSuffix("/") ? String(text.dropLast()) : text
        let origins = try Origin.parseList(bare)
        guard origins.count == 1, let origin = origins.first, origin.hasPrefix("https://") else {
            throw InvalidValue(
                "\(text.quoted) is not the address of a page; write it as https://www.example.com")
        }
        (host, port) = WebAddress.parts(of: origin)
    }

    /// Splits an origin, in the form that `Origin` returns, into host and port.
    static func parts(of origin: String) -> (host: String, port: UInt16) {
        let scheme = origin.split(separator: ":").first ?? ""
        let authority = origin.dropFirst(scheme.count + 3)
        let defaultPort: UInt16 = scheme == "http" ? 80 : 443
        guard let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]"),
            let port = UInt16(wholeNumber: authority[authority.index(after: colon)...])
        else { return (String(authority), defaultPort) }
        return (String(authority[..<colon]), port)
    }

    /// The address as an origin; the port is omitted if it is the default, 443.
    package var description: String { port == 443 ? "https://\(host)" : "https://\(host):\(port)" }
}
