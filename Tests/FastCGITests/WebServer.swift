import Glibc

/// The web server's side of a FastCGI connection: writes records as nginx does, over a unix socket.
final class WebServer {
    let descriptor: Int32

    init?(path: String) {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let code = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard code == 0 else { return nil }
        // With a timeout, a test whose response never arrives fails instead of hanging.
        var timeout = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    func send(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// Reads one response up to its FCGI_END_REQUEST.
    ///
    /// - Returns: The content of FCGI_STDOUT; `nil` if the connection was closed before the end.
    func response() -> String? {
        var output: [UInt8] = []
        while let header = read(8) {
            guard let content = read(Int(header[4]) << 8 | Int(header[5])),
                read(Int(header[6])) != nil
            else { return nil }
            if header[1] == 6 { output += content }
            if header[1] == 3 { return String(decoding: output, as: UTF8.self) }
        }
        return nil
    }

    /// Reads one response and returns the length of its content of FCGI_STDOUT; `nil` if the
    /// connection was closed before the end.
    func outputLength() -> Int? {
        var length = 0
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while let header = read(8) {
            var left = Int(header[4]) << 8 | Int(header[5])
            if header[1] == 6 { length += left }
            left += Int(header[6])
            while left > 0 {
                let got = recv(descriptor, &buffer, min(left, buffer.count), 0)
                guard got > 0 else { return nil }
                left -= got
            }
            if header[1] == 3 { return length }
        }
        return nil
    }

    /// Whether something has arrived that was not read.
    var hasInput: Bool {
        var byte: UInt8 = 0
        return recv(descriptor, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)) == 1
    }

    /// Whether the server closes the connection; false after a timeout.
    var isClosed: Bool {
        var byte: UInt8 = 0
        let count = recv(descriptor, &byte, 1, 0)
        return count == 0 || count < 0 && errno == ECONNRESET
    }

    private func read(_ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let got = bytes.withUnsafeMutableBytes {
                recv(descriptor, $0.baseAddress?.advanced(by: filled), count - filled, 0)
            }
            guard got > 0 else { return nil }
            filled += got
        }
        return bytes
    }
}

/// Encodes a request.
func request(
    _ parameters: KeyValuePairs<String, String> = ["REQUEST_METHOD": "GET", "REQUEST_URI": "/"],
    body: [UInt8] = [], keep: Bool = false, role: UInt8 = 1
) -> [UInt8] {
    var pairs: [UInt8] = []
    for (name, value) in parameters {
        pairs +=
            length(name.utf8.count) + length(value.utf8.count) + Array(name.utf8)
            + Array(value.utf8)
    }
    var bytes = record(1, [0, role, keep ? 1 : 0, 0, 0, 0, 0, 0])
    bytes += record(4, pairs) + (pairs.isEmpty ? [] : record(4, []))
    if !body.isEmpty { bytes += record(5, body) }
    return bytes + record(5, [])
}

/// Encodes a record; its content may have up to 65,535 bytes.
func record(
    _ type: UInt8, _ content: [UInt8], version: UInt8 = 1, id: UInt8 = 1, padding: UInt8 = 0
) -> [UInt8] {
    [version, type, 0, id, UInt8(content.count >> 8), UInt8(content.count & 255), padding, 0]
        + content + Array(repeating: 0, count: Int(padding))
}

private func length(_ count: Int) -> [UInt8] {
    count < 128
        ? [UInt8(count)]
        : [
            UInt8(count >> 24 | 0x80), UInt8(count >> 16 & 255), UInt8(count >> 8 & 255),
            UInt8(count & 255),
        ]
}
