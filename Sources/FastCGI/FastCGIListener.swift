import CFastCGI
import Glibc

/// The listening socket that web servers connect to.
///
/// Every peer that can connect is trusted, because FastCGI has no authentication. Give a unix
/// socket the mode 0660 and the web server's group, and use TCP on a trusted network only.
public struct FastCGIListener: Sendable {
    /// The socket's descriptor, which is closed if this process executes a program (FD_CLOEXEC).
    public let descriptor: Int32

    /// The maximum number of connections that wait to be accepted.
    ///
    /// The system limits this number to `net.core.somaxconn`.
    private static let backlog: Int32 = 4096

    /// Uses a socket that is already listening, such as descriptor 3 from systemd or descriptor 0
    /// from a FastCGI process manager.
    ///
    /// - Throws: `FastCGIError` if the descriptor is not a listening socket.
    public init(descriptor: Int32) throws {
        var isListening: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &isListening, &length) == 0 else {
            throw FastCGIError.last("getsockopt on descriptor \(descriptor)")
        }
        guard isListening != 0 else {
            throw FastCGIError(
                call: "descriptor \(descriptor) is not a listening socket", code: EINVAL)
        }
        self.descriptor = descriptor
        try prepare()
    }

    /// Opens a unix socket, replacing one that a stopped server left behind.
    ///
    /// If this process has inherited a socket that listens on the path, the inherited socket is
    /// used instead.
    ///
    /// - Throws: `FastCGIError` if the socket cannot be opened or another server is listening on
    ///   the path.
    public init(unixPath path: String, mode: UInt32 = 0o660) throws {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let isShort = withUnsafeMutableBytes(of: &address.sun_path) { field in
            guard path.utf8.count < field.count else { return false }
            field.copyBytes(from: path.utf8)
            return true
        }
        guard isShort else { throw FastCGIError(call: "socket path \(path)", code: ENAMETOOLONG) }

        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        descriptor = try withUnsafePointer(to: &address) { address in
            try address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                try Self.socket(AF_UNIX) { descriptor in
                    // Connect, to find out whether a process listens on the path. The socket is
                    // non-blocking, so connect(2) fails with EAGAIN if the listener's queue is
                    // full. In that case, it is not known whether the listener is this process, so
                    // an inherited socket on the path is enough.
                    let isConnected = connect(descriptor, address, length) == 0
                    if isConnected || errno == EAGAIN {
                        guard let own = InheritedSockets.first(on: address, length),
                            !isConnected || isListener(thisProcess: descriptor),
                            chmod(path, mode_t(mode)) == 0
                        else { throw FastCGIError(call: "bind \(path)", code: EADDRINUSE) }
                        return own
                    }
                    // Delete only a socket. Connecting to a regular file also fails with
                    // ECONNREFUSED, and a regular file must not be deleted.
                    if errno == ECONNREFUSED, isSocket(path) { unlink(path) }
                    // Set the mode with the umask, when the socket is created. If chmod set the
                    // mode later, other users could connect in between.
                    let mask = umask(mode_t(0o777 & ~mode))
                    defer { umask(mask) }
                    guard bind(descriptor, address, length) == 0 else {
                        throw FastCGIError.last("bind \(path)")
                    }
                    return descriptor
                }
            }
        }
        try listenAndPrepare(path)
    }

    /// Opens a TCP socket on an IPv4 or IPv6 address, or on the first address of a host name.
    ///
    /// - Throws: `FastCGIError` if the host has no usable address or the socket cannot be opened.
    public init(host: String, port: UInt16) throws {
        var hints = addrinfo()
        hints.ai_flags = AI_PASSIVE
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &found) == 0, let address = found else {
            throw FastCGIError(call: "\(host) is not an address of this machine", code: EINVAL)
        }
        defer { freeaddrinfo(found) }
        let name = "\(host):\(port)"
        let length = address.pointee.ai_addrlen
        descriptor = try Self.socket(address.pointee.ai_family) { descriptor in
            guard let wanted = address.pointee.ai_addr else {
                throw FastCGIError(call: "\(host) has no address", code: EINVAL)
            }
            if let own = InheritedSockets.first(on: wanted, length) { return own }
            var yes: Int32 = 1
            setsockopt(
                descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
            guard bind(descriptor, wanted, length) == 0 else {
                throw FastCGIError.last("bind \(name)")
            }
            return descriptor
        }
        try listenAndPrepare(name)
    }

    /// Opens a socket, runs a closure that gives it an address, and returns the socket that the
    /// closure chooses.
    ///
    /// The new socket is closed if the closure chooses another one.
    private static func socket(
        _ family: Int32, _ choose: (Int32) throws -> Int32
    ) throws -> Int32 {
        let kind = Int32(
            SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = Glibc.socket(family, kind, 0)
        guard descriptor >= 0 else { throw FastCGIError.last("socket") }
        var chosen: Int32?
        defer { if chosen != descriptor { close(descriptor) } }
        chosen = try choose(descriptor)
        return chosen ?? descriptor
    }

    private func listenAndPrepare(_ name: String) throws {
        guard listen(descriptor, Self.backlog) == 0 else {
            let error = FastCGIError.last("listen \(name)")
            close(descriptor)
            throw error
        }
        try prepare()
    }

    /// Makes the socket non-blocking and enlarges its receive buffer.
    ///
    /// Several workers may try to accept the same connection, and only one of them succeeds. The
    /// others must not block in accept(2).
    private func prepare() throws {
        // A request is read only when all of it has arrived, so the receive buffer must hold the
        // whole request. For TCP the default size is 64 KiB. Accepted sockets inherit the size. If
        // the system refuses the size, only long requests stall.
        var size = Int32(2 * RequestScan.maximumLength)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        guard fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0 else { throw FastCGIError.last("fcntl") }
        guard fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0 else { throw FastCGIError.last("fcntl") }
    }
}

private func isSocket(_ path: String) -> Bool {
    var file = stat()
    return lstat(path, &file) == 0 && file.st_mode & S_IFMT == S_IFSOCK
}

/// Whether this process opened the listening socket to which a unix socket is connected.
private func isListener(thisProcess descriptor: Int32) -> Bool {
    // The peer's credentials are those of the process that called listen(2); see unix(7). The array
    // has the layout of `struct ucred` (the IDs of the process, the user and the group), which
    // glibc declares only with _GNU_SOURCE.
    var peer: [Int32] = [0, 0, 0]
    var length = socklen_t(MemoryLayout<Int32>.size * peer.count)
    return getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0
        && peer[0] == getpid()
}
