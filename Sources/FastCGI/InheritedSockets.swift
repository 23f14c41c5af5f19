import Glibc

/// The listening sockets that this process had when its program was executed.
///
/// A program that executes itself again keeps its listening sockets, so that connections wait in
/// their queues in the meantime. The new program finds the sockets by their addresses.
public enum InheritedSockets {
    /// Returns the inherited socket that listens on an address, if there is one.
    static func first(on address: UnsafePointer<sockaddr>, _ length: socklen_t) -> Int32? {
        all.first { descriptor in
            var bound = sockaddr_storage()
            var boundLength = socklen_t(MemoryLayout<sockaddr_storage>.size)
            let isNamed = withUnsafeMutablePointer(to: &bound) { bound in
                bound.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    getsockname(descriptor, $0, &boundLength)
                }
            }
            // For a unix socket, getsockname(2) may return a length other than the one passed to
            // bind(2); see unix(7). But the unused bytes are zero in both addresses.
            return isNamed == 0 && memcmp(&bound, address, Int(min(length, boundLength))) == 0
                && (boundLength == length || bound.ss_family == sa_family_t(AF_UNIX))
        }
    }

    /// Closes every listening socket except the given ones, the standard streams and those that
    /// systemd passed.
    ///
    /// Call this once all sockets are open. Otherwise, a socket whose address is no longer in the
    /// settings would still queue connections, which are never accepted.
    ///
    /// - Parameters:
    ///   - listeners: The listeners in use.
    ///   - passed: The number of sockets that systemd passed; see sd_listen_fds(3).
    public static func close(except listeners: [FastCGIListener], passed: Int32) {
        let used = listeners.map(\.descriptor)
        for descriptor in all where descriptor >= 3 + passed && !used.contains(descriptor) {
            Glibc.close(descriptor)
        }
    }

    private static var all: [Int32] {
        // It is enough to look at the first 256 numbers, because a program has few descriptors when
        // it starts, and the lowest free number is used first.
        (0..<256).filter { descriptor in
            var isListening: Int32 = 0
            var length = socklen_t(MemoryLayout<Int32>.size)
            let status = getsockopt(
                descriptor, SOL_SOCKET, SO_ACCEPTCONN, &isListening, &length)
            return status == 0 && isListening != 0
        }
    }
}
