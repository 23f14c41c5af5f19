import Glibc
import Settings

/// What kind of file something is, whose, and who may do what with it; see stat(2).
struct FileStatus {
    let mode: mode_t
    let owner: uid_t
    let group: gid_t
    let size: Int64
    let modifiedAt: Int64

    /// Looks at a path, through links.
    ///
    /// - Returns: nil where there is nothing.
    /// - Throws: `Unseen` where we may not look.
    init?(_ path: String) throws {
        var status = stat()
        guard stat(path, &status) == 0 else {
            guard errno != ENOENT, errno != ENOTDIR else { return nil }
            let reason = String(cString: strerror(errno))
            throw Unseen("\(path.escaped) cannot be looked at (\(reason)); be root")
        }
        mode = status.st_mode
        owner = status.st_uid
        group = status.st_gid
        size = Int64(status.st_size)
        modifiedAt = Int64(status.st_mtim.tv_sec)
    }

    var isSocket: Bool { mode & S_IFMT == S_IFSOCK }
    var isRegular: Bool { mode & S_IFMT == S_IFREG }
    var isReadableByOthers: Bool { mode & S_IROTH != 0 }
    var isWritableByOthers: Bool { mode & S_IWOTH != 0 }
    var isWritableByOwner: Bool { mode & S_IWUSR != 0 }

    /// The folder that holds a path.
    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The names in a folder, without `.` and `..`; none where it cannot be read.
    static func names(in folder: String) -> [String] {
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

/// A user of the system, with all groups.
struct SystemUser {
    let name: String
    let number: uid_t
    let groups: [gid_t]

    /// Looks a user up; nil where there is none of that name.
    init?(_ name: String, group: String? = nil) {
        guard let entry = getpwnam(name) else { return nil }
        let (number, primary) = (entry.pointee.pw_uid, entry.pointee.pw_gid)
        var groups = [gid_t](repeating: 0, count: 256)
        var count = Int32(groups.count)
        guard getgrouplist(name, primary, &groups, &count) >= 0 else { return nil }
        self.name = name
        self.number = number
        let given = group.flatMap { getgrnam($0)?.pointee.gr_gid }
        self.groups = Array(groups[..<Int(count)]) + [given].compactMap(\.self)
    }

    /// Whether the user has a right to a file: 4 to read, 2 to write, 1 to enter.
    func may(_ right: mode_t, _ file: FileStatus) -> Bool {
        if number == 0 { return true }
        let shift: mode_t = file.owner == number ? 6 : groups.contains(file.group) ? 3 : 0
        return file.mode >> shift & right == right
    }
}
