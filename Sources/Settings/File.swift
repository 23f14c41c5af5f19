import Glibc

/// The contents of a small file, and whether other users may read it.
package struct File {
    package let bytes: [UInt8]
    /// Whether users other than the owner and the members of the file's group may read the file.
    package let isReadableByOthers: Bool

    /// Whether a file or directory exists at a path.
    package static func exists(at path: String) -> Bool { access(path, F_OK) == 0 }

    /// Whether this process may read the file at a path.
    package static func isReadable(at path: String) -> Bool { access(path, R_OK) == 0 }

    /// Whether this process may change the file, or the folder, at a path.
    package static func isWritable(at path: String) -> Bool { access(path, W_OK) == 0 }

    /// Returns the path of the folder that contains the file at a path.
    package static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Reads a file.
    ///
    /// - Throws: `FileError` if the file cannot be read or is longer than `limit` bytes.
    package static func read(_ path: String, atMost limit: Int) throws(FileError) -> File {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(failedCall: "open", code: errno) }
        defer { close(descriptor) }

        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw FileError(failedCall: "fstat", code: errno)
        }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FileError(failedCall: "read", code: errno) }
            if count == 0 { break }
            bytes += buffer[..<count]
            guard bytes.count <= limit else { throw FileError(failedCall: "read", code: EFBIG) }
        }
        return File(bytes: bytes, isReadableByOthers: status.st_mode & S_IROTH != 0)
    }
}
