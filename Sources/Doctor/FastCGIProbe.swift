import Glibc
import Settings

/// Sends one request to the server's socket, as nginx does (FastCGI 1.0, section 3.3).
enum FastCGIProbe {
    /// The error thrown if a system call fails, or if the response is not valid.
    struct Failure: Error {
        let call: String
        let code: Int32
        var reason: String { "\(call): \(String(cString: strerror(code)))" }
    }

    /// Sends a GET request and returns the HTTP status of the response.
    ///
    /// - Throws: `Failure` if there is no valid response.
    static func status(of path: String, at socketPath: String) throws(Failure) -> Int {
        let descriptor = try connected(to: socketPath)
        defer { close(descriptor) }
        let request =
            record(1, [0, 1, 0, 0, 0, 0, 0, 0])
            + record(4, parameters(path)) + record(4, []) + record(5, [])
        guard send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count
        else { throw Failure(call: "send", code: errno) }
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 8192)
        while received.count < 1 << 20 {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Failure(call: "recv", code: errno) }
            if count == 0 { break }
            received += buffer[..<count]
        }
        guard let status = status(in: received) else { throw Failure(call: "recv", code: EPROTO) }
        return status
    }

    /// Returns the HTTP status in the FastCGI records of a response; nil if they contain none.
    static func status(in received: [UInt8]) -> Int? {
        var output: [UInt8] = []
        var rest = received[...]
        while rest.count >= 8 {
            let header = Array(rest.prefix(8))
            let length = Int(header[4]) << 8 | Int(header[5])
            let content = rest.dropFirst(8).prefix(length)
            if header[1] == 6 { output += content }
            rest = rest.dropFirst(8 + length + Int(header[6]))
        }
        let lines = String(decoding: output, as: UTF8.self).split(whereSeparator: \.isNewline)
        let line = lines.first { $0.lowercased().hasPrefix("status:") }
        return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    }

    private static func parameters(_ path: String) -> [UInt8] {
        let pairs = [
            ("REQUEST_METHOD", "GET"), ("REQUEST_URI", path), ("REMOTE_ADDR", "127.0.0.1"),
            ("HTTPS", "on"),
        ]
        return pairs.flatMap { name, value in
            [UInt8(name.utf8.count), UInt8(value.utf8.count)] + Array(name.utf8) + Array(value.utf8)
        }
    }

    private static func record(_ kind: UInt8, _ content: [UInt8]) -> [UInt8] {
        [1, kind, 0, 1, UInt8(content.count >> 8), UInt8(content.count & 0xFF), 0, 0] + content
    }

    private static func connected(to path: String) throws(Failure) -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(call: "socket", code: errno) }
        var timeout = timeval(tv_sec: 8, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, size)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let name = Array(path.utf8)
        let fits = withUnsafeMutableBytes(of: &address.sun_path) { field in
            guard name.count < field.count else { return false }
            field.copyBytes(from: name)
            return true
        }
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let result =
            fits
            ? withUnsafePointer(to: &address) { address in
                address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(descriptor, $0, length)
                }
            } : -1
        guard result == 0 else {
            let code = fits ? errno : ENAMETOOLONG
            close(descriptor)
            throw Failure(call: "connect", code: code)
        }
        return descriptor
    }
}
