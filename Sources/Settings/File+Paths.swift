package import Glibc

extension File {
    /// Returns the last component of a path.
    package static func name(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return path }
        return String(path[path.index(after: slash)...])
    }

    /// Whether two paths lead to the same file or folder.
    package static func areSame(_ first: String, _ second: String) -> Bool {
        var (one, other) = (stat(), stat())
        return stat(first, &one) == 0 && stat(second, &other) == 0
            && (one.st_dev, one.st_ino) == (other.st_dev, other.st_ino)
    }

    /// Follows the symbolic links at the end of a path.
    ///
    /// Links among the parent folders are kept, because with or without them the path leads to the
    /// same folder, and so to the same files beside the file.
    ///
    /// - Returns: The path of the file, which may be missing, and the owners of the followed links.
    package static func resolve(_ path: String) -> (path: String, linkOwners: [uid_t]) {
        var path = path
        var owners: [uid_t] = []
        // path_resolution(7): Linux follows at most 40 links.
        while owners.count < 40, let owner = linkOwner(path), let name = linkTarget(path) {
            owners.append(owner)
            path = name.hasPrefix("/") ? name : "\(folder(of: path))/\(name)"
        }
        return (path, owners)
    }

    /// Returns the path that the symbolic link at a path contains; nil if there is no link.
    package static func linkTarget(_ path: String) -> String? {
        var target = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(path, &target, target.count)
        guard count > 0 else { return nil }
        return String(decoding: target[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Returns the user who owns the symbolic link at a path; nil if there is no link.
    package static func linkOwner(_ path: String) -> uid_t? {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK else { return nil }
        return status.st_uid
    }
}
