package import Settings

/// Where the page is, as people type it: always https.
package struct WebAddress: Equatable, Sendable, CustomStringConvertible {
    /// A name, or an IPv6 address in brackets.
    let host: String
    let port: UInt16

    init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// Reads `https://host` or `https://host:port`, with or without a slash behind it.
    ///
    /// - Throws: `InvalidValue`.
    package init(_ text: String) throws(InvalidValue) {
        let bare = text.hasSuffix("/") ? String(text.dropLast()) : text
        let origins = try Origin.parseList(bare)
        guard origins.count == 1, let origin = origins.first, origin.hasPrefix("https://") else {
            throw InvalidValue(
                "\(text.quoted) is not the page's address; write https://www.example.com")
        }
        (host, port) = WebAddress.parts(of: origin)
    }

    /// The host and the port of an origin as `Origin` writes it.
    static func parts(of origin: String) -> (host: String, port: UInt16) {
        let scheme = origin.split(separator: ":").first ?? ""
        let authority = origin.dropFirst(scheme.count + 3)
        let usual: UInt16 = scheme == "http" ? 80 : 443
        guard let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]"),
            let port = UInt16(wholeNumber: authority[authority.index(after: colon)...])
        else { return (String(authority), usual) }
        return (String(authority[..<colon]), port)
    }

    /// The origin, without the usual port.
    package var description: String { port == 443 ? "https://\(host)" : "https://\(host):\(port)" }
}
