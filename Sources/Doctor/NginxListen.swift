import Settings

/// A `listen` directive of nginx.
struct NginxListen: Equatable {
    /// An address at which this machine can reach the socket; an IPv6 address is in brackets.
    let address: String
    /// Whether the socket accepts connections to every address to which no other socket is bound.
    let isForAnyAddress: Bool
    let port: UInt16
    let hasTLS: Bool
    /// Whether connections begin with a line of the PROXY protocol.
    let hasProxyProtocol: Bool

    init(_ arguments: [String]) {
        let text = arguments.first ?? ""
        hasTLS = arguments.contains("ssl")
        hasProxyProtocol = arguments.contains("proxy_protocol")
        var host = Substring()
        if let number = UInt16(wholeNumber: text) {
            port = number
        } else if let colon = text.lastIndex(of: ":"), !text.hasSuffix("]") {
            host = text[..<colon]
            port = UInt16(wholeNumber: text[text.index(after: colon)...]) ?? 80
        } else {
            host = text[...]
            port = 80
        }
        switch host {
        case "", "*", "0.0.0.0": (address, isForAnyAddress) = ("127.0.0.1", true)
        case "[::]": (address, isForAnyAddress) = ("[::1]", true)
        default: (address, isForAnyAddress) = (String(host), false)
        }
    }

    /// Whether connections that are meant for one directive may reach the other directive.
    ///
    /// Two directives for different single addresses do not compete. A directive for any address
    /// and a directive for a single address do compete: connections to the single address reach
    /// only the latter.
    func competes(with other: NginxListen) -> Bool {
        port == other.port
            && (isForAnyAddress || other.isForAnyAddress || address == other.address)
    }
}
