import CFastCGI
import Glibc

/// The socket that web servers connect to.
///
/// Who may connect to it is trusted: FastCGI has no authentication. Give a unix socket the mode
/// 0660 and the web server's group, and use TCP on a trusted network only.
public struct FastCGIListener: Sendable {
    let descriptor: Int32

    /// The longest queue of connections not yet accepted; the system's own bound is
    /// `net.core.somaxconn`.
    private static let backlog: Int32 = 4096

    /// Takes a socket that is open and listening already, such as systemd's descriptor 3 or a
    /// FastCGI process manager's descriptor 0.
    ///
    /// - Throws: `FastCGIError` when the descriptor is no listening socket.
    public init(descriptor: Int32) throws {
        var isListening: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &isListening, &length) == 0 else {
            throw FastCGIError.last("getsockopt on descriptor \(descriptor)")
        }
        guard isListening != 0 else {
            throw FastCGIError(call: "descriptor \(descriptor) does not listen", code: EINVAL)
        }
        self.descriptor = descriptor
        try prepare()
    }

    /// Opens a unix socket, in the place of one that a stopped server left behind.
    ///
    /// - Throws: `FastCGIError`, also when another server listens on it.
    public init(unixPath path: String, mode: UInt32 = 0o660) throws {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let isShort = withUnsafeMutableBytes(of: &address.sun_path) { field in
            guard path.utf8.count < field.count else { return false }
            field.copyBytes(from: path.utf8)
            return true
        }
        guard isShort else { throw FastCGIError(call: "socket path \(path)", code: ENAMETOOLONG) }

        descriptor = try Self.socket(AF_UNIX)
        try orClose {
            try withUnsafePointer(to: &address) { address in
                try address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                    let length = socklen_t(MemoryLayout<sockaddr_un>.size)
                    if connect(descriptor, address, length) == 0 {
                        throw FastCGIError(call: "bind \(path)", code: EADDRINUSE)
                    }
                    // A file that is no socket refuses connections too, and is somebody's.
                    if errno == ECONNREFUSED, isSocket(path) { unlink(path) }
                    // The mode is right from the first moment: no peer slips in before a chmod.
                    let mask = umask(mode_t(0o777 & ~mode))
                    defer { umask(mask) }
                    guard bind(descriptor, address, length) == 0 else {
                        throw FastCGIError.last("bind \(path)")
                    }
                }
            }
            try listenAndPrepare(path)
        }
    }

    /// Opens a TCP socket on an IPv4 or IPv6 address, or on the first that a name stands for.
    ///
    /// - Throws: `FastCGIError`.
    public init(host: String, port: UInt16) throws {
        var hints = addrinfo()
        hints.ai_flags = AI_PASSIVE
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &found) == 0, let address = found else {
            throw FastCGIError(call: "\(host) is no address of this machine", code: EINVAL)
        }
        defer { freeaddrinfo(found) }
        descriptor = try Self.socket(address.pointee.ai_family)
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        try orClose {
            guard bind(descriptor, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0 else {
                throw FastCGIError.last("bind \(host):\(port)")
            }
            try listenAndPrepare("\(host):\(port)")
        }
    }

    /// Sets a socket of our own up, and closes it where that fails.
    private func orClose(_ setUp: () throws -> Void) throws {
        do {
            try setUp()
        } catch {
            close(descriptor)
            throw error
        }
    }

    private static func socket(_ family: Int32) throws -> Int32 {
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = Glibc.socket(family, kind, 0)
        guard descriptor >= 0 else { throw FastCGIError.last("socket") }
        return descriptor
    }

    private func listenAndPrepare(_ name: String) throws {
        guard listen(descriptor, Self.backlog) == 0 else {
            throw FastCGIError.last("listen \(name)")
        }
        try prepare()
    }

    /// Workers race for a new connection, and the loser must not block in accept(2).
    private func prepare() throws {
        // A request is read once all of it is here, and over TCP the default is room for 64 KiB.
        // Accepted sockets inherit it; where the system refuses, only long requests stall.
        var room = Int32(2 * RequestScan.maximumLength)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &room, socklen_t(MemoryLayout<Int32>.size))
        guard fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0 else { throw FastCGIError.last("fcntl") }
        guard fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0 else { throw FastCGIError.last("fcntl") }
    }
}

private func isSocket(_ path: String) -> Bool {
    var file = stat()
    return lstat(path, &file) == 0 && file.st_mode & S_IFMT == S_IFSOCK
}
