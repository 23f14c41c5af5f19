import Cryptography
import Glibc
import Settings

/// Methods that read files too long for memory.
extension File {
    /// Opens a regular file for reading, calls `body` with its descriptor, and closes the file.
    ///
    /// - Throws: `CommandError` if the file cannot be opened or is not a regular file, or any error
    ///   thrown by `body`.
    static func withDescriptor<Value>(
        of path: String, _ body: (Int32) throws -> Value
    ) throws -> Value {
        // Without O_NONBLOCK, opening a named pipe would block until a writer opens it.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw CommandError.unreadable(path) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw CommandError("\(path.escaped) is not a regular file")
        }
        return try body(descriptor)
    }

    /// Reads up to `limit` bytes of an open file and calls `body` with chunks of at most 1 MiB.
    ///
    /// - Parameters:
    ///   - descriptor: The open file.
    ///   - path: The name of the file in error messages.
    ///   - start: The offset of the first byte to read.
    ///   - limit: The maximum number of bytes to read.
    ///   - body: Called for each chunk, in order.
    /// - Throws: `CommandError` if a read fails, or any error thrown by `body`.
    static func forEachChunk(
        of descriptor: Int32, at path: String, from start: Int64 = 0, atMost limit: Int64 = .max,
        _ body: ([UInt8]) throws -> Void
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

    /// The SHA-256 of the first `count` bytes of an open file, in hexadecimal digits.
    static func digest(
        of descriptor: Int32, at path: String, first count: Int64
    ) throws -> String {
        var running = try SHA256.Running()
        try forEachChunk(of: descriptor, at: path, atMost: count) { try running.add($0.span) }
        let digits = Array("0123456789abcdef")
        let hash = try running.hash()
        return String(hash.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}
