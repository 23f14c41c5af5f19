import Cryptography
import Glibc
import Settings

/// Reads a long file piece by piece.
package struct FileReader: ~Copyable {
    private let descriptor: Int32
    private let path: String
    private let isOwner: Bool

    /// Opens a file.
    ///
    /// - Throws: `CommandError`.
    package init(path: String) throws {
        // Without O_NONBLOCK a pipe would be waited for, for ever.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw CommandError.unreadable(path) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw CommandError("\(path.escaped) is no file")
        }
        self.descriptor = descriptor
        self.path = path
        isOwner = true
    }

    /// Reads a file that somebody else has open.
    package init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
        isOwner = false
    }

    deinit { if isOwner { close(descriptor) } }

    /// Calls a body for the bytes from an offset on, at most a megabyte at a time, and at most so
    /// many.
    package func forEach(
        from start: Int64 = 0, atMost limit: Int64 = .max, _ body: ([UInt8]) throws -> Void
    ) throws {
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        var offset = start
        var rest = limit
        while rest > 0 {
            let wanted = Int(min(rest, Int64(buffer.count)))
            let count = pread(descriptor, &buffer, wanted, off_t(offset))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw CommandError.unreadable(path) }
            if count == 0 { return }
            try body(Array(buffer[..<count]))
            offset += Int64(count)
            rest -= Int64(count)
        }
    }

    /// The last bytes of the file, at most so many, and how long it is.
    package func tail(atMost limit: Int64) throws -> (bytes: [UInt8], size: Int64) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw CommandError.unreadable(path) }
        let size = Int64(status.st_size)
        var bytes: [UInt8] = []
        try forEach(from: max(0, size - limit), atMost: limit) { bytes += $0 }
        return (bytes, size)
    }

    /// The SHA-256 of the first bytes, in hexadecimal digits.
    package func digest(ofFirst count: Int64) throws -> String {
        var running = try SHA256.Running()
        try forEach(atMost: count) { try running.add($0.span) }
        let digits = Array("0123456789abcdef")
        let hash = try running.hash()
        return String(hash.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}
