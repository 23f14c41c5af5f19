import Glibc

/// A small file, read whole.
struct File {
    let bytes: [UInt8]
    /// Whether users who are neither the owner nor of the group may read it.
    let isReadableByOthers: Bool

    /// Whether there is something of that name.
    static func exists(at path: String) -> Bool { access(path, F_OK) == 0 }

    /// Reads a file.
    ///
    /// - Throws: `FileError` when it cannot be read or is longer than `limit` bytes.
    static func read(_ path: String, atMost limit: Int) throws(FileError) -> File {
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

extension File {
    /// Puts other contents in a file's place: whoever opens it gets the old or the new, whenever
    /// the power fails, with the owner, the group and the mode of the old.
    ///
    /// The new file is written beside it, under a name that ends in `.new`. Where that is taken,
    /// somebody else is at it, or was when the power failed.
    ///
    /// - Throws: `FileError`.
    static func replace(_ path: String, with bytes: [UInt8]) throws(FileError) {
        var status = stat()
        guard stat(path, &status) == 0 else { throw FileError(failedCall: "stat", code: errno) }
        let draft = path + ".new"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR)
        guard descriptor >= 0 else { throw FileError(failedCall: "open", code: errno) }
        do throws(FileError) {
            defer { close(descriptor) }
            try check("fchown", fchown(descriptor, status.st_uid, status.st_gid))
            try check("fchmod", fchmod(descriptor, status.st_mode & 0o7777))
            guard write(descriptor, bytes, bytes.count) == bytes.count else {
                throw FileError(failedCall: "write", code: errno)
            }
            try check("fsync", fsync(descriptor))
            try check("rename", rename(draft, path))
        } catch {
            unlink(draft)
            throw error
        }
        let folder = open(Self.folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw FileError(failedCall: "open", code: errno) }
        defer { close(folder) }
        try check("fsync", fsync(folder))
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return String(path[...slash])
    }

    private static func check(_ call: String, _ result: Int32) throws(FileError) {
        guard result == 0 else { throw FileError(failedCall: call, code: errno) }
    }
}

/// A file cannot be read or written; see the error numbers of the failed call's manual page.
struct FileError: Error, CustomStringConvertible {
    let failedCall: String
    let code: Int32

    var description: String {
        switch code {
        case ENOENT: "does not exist"
        case EACCES: "may not be read"
        case EISDIR: "is a directory"
        case EFBIG: "is too long"
        default: "cannot be read (\(failedCall): error \(code))"
        }
    }
}
