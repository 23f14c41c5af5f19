import Glibc

/// An address at which the server accepts connections from nginx.
package enum ListenAddress: Equatable, Sendable {
    /// A unix socket that the server creates at an absolute path.
    case unix(path: String)
    /// A TCP port.
    ///
    /// Use it only on a trusted network, because any client that connects can impersonate nginx.
    case tcp(host: String, port: UInt16)
    /// The descriptor of a listening socket that the server inherited when it started.
    case descriptor(Int32)

    /// Parses `unix:/path`, `tcp:host:port` (with an IPv6 host in brackets) or `fd:number`.
    package init(_ text: String) throws(InvalidValue) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        switch parts.first {
        case "unix" where parts.count == 2: self = try .socket(at: String(parts[1]))
        case "tcp" where parts.count == 2: self = try .port(parts[1], in: text)
        case "fd" where parts.count == 2:
            // Descriptors 1 and 2 are standard output and standard error, not sockets.
            guard let number = Int32(wholeNumber: parts[1]), number != 1, number != 2 else {
                throw InvalidValue(
                    "\(text.quoted) is not an inherited socket; write fd:0 or fd:3")
            }
            self = .descriptor(number)
        default:
            throw InvalidValue(
                """
                \(text.quoted) is not an address; write unix:/path, tcp:host:port or fd:number, \
                such as unix:/run/NAME.sock
                """)
        }
    }

    private static func socket(at path: String) throws(InvalidValue) -> ListenAddress {
        guard path.hasPrefix("/") else {
            throw InvalidValue(
                "\(path.quoted) is not an absolute path; write unix: and a path that starts with /")
        }
        // unix(7): sun_path holds 108 bytes including the terminating NUL.
        guard path.utf8.count <= 107, !path.utf8.contains(0) else {
            throw InvalidValue(
                "\(path.quoted) is too long for the path of a socket; use at most 107 bytes")
        }
        return .unix(path: path)
    }

    private static func port(_ address: Substring, in text: String) throws(InvalidValue)
        -> ListenAddress
    {
        let fix = "write tcp:host:port, such as tcp:127.0.0.1:9000 or tcp:[::1]:9000"
        guard let colon = address.lastIndex(of: ":") else {
            throw InvalidValue("\(text.quoted) has no port; \(fix)")
        }
        guard let port = UInt16(wholeNumber: address[address.index(after: colon)...]), port > 0
        else { throw InvalidValue("\(text.quoted) has no port from 1 to 65535; \(fix)") }

        var host = address[..<colon]
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        if isBracketed { host = host.dropFirst().dropLast() }
        guard !host.isEmpty, host.contains(":") == isBracketed,
            host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x2F && $0 != 0x40 })
        else { throw InvalidValue("\(text.quoted) has no host; \(fix)") }
        return .tcp(host: String(host), port: port)
    }

    /// Whether a host is a name or an address that always means this machine.
    static func isLoopback(_ host: some StringProtocol) -> Bool {
        host == "localhost" || host == "::1"
            || host.hasPrefix("127.") && host.utf8.allSatisfy { $0 == 0x2E || 0x30...0x39 ~= $0 }
    }

    /// Whether only processes on this machine can connect.
    package var isLocal: Bool {
        switch self {
        case .unix, .descriptor: true
        case .tcp(let host, _): Self.isLoopback(host)
        }
    }
}

extension FixedWidthInteger {
    /// Parses a string of ASCII digits; nil if it contains anything else, such as a sign.
    package init?(wholeNumber text: some StringProtocol) {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        self.init(text)
    }
}
