import Glibc
import Settings

/// The type, owner, permissions, size and modification time of a file; see stat(2).
package struct FileStatus {
    let mode: mode_t
    let owner: uid_t
    let group: gid_t
    let size: Int64
    let modifiedAt: Int64

    /// Reads the status of the file at a path, following symbolic links.
    ///
    /// - Returns: nil if no file exists at the path.
    /// - Throws: `Skipped` if this process cannot read the status.
    package init?(_ path: String) throws {
        var status = stat()
        guard stat(path, &status) == 0 else {
            guard errno != ENOENT, errno != ENOTDIR else { return nil }
            let reason = String(cString: strerror(errno))
            throw Skipped("\(path.escaped) cannot be examined (\(reason)); run as root")
        }
        mode = status.st_mode
        owner = status.st_uid
        group = status.st_gid
        size = Int64(status.st_size)
        modifiedAt = Int64(status.st_mtim.tv_sec)
    }

    var isSocket: Bool { mode & S_IFMT == S_IFSOCK }
    package var isRegular: Bool { mode & S_IFMT == S_IFREG }
    var isReadableByOthers: Bool { mode & S_IROTH != 0 }
    var isWritableByOthers: Bool { mode & S_IWOTH != 0 }
    var isWritableByOwner: Bool { mode & S_IWUSR != 0 }

    /// Lists the names in a folder, except `.` and `..`; empty if the folder cannot be read.
    package static func names(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
