import Settings

/// Whether a user may read a file: the file itself and each folder that leads to it.
package struct PageAccess {
    /// The topmost path at which access ends; nil if the user may read the file.
    ///
    /// It is nil as well if the user does not exist.
    package private(set) var blockedAt: String?

    /// Examines a path.
    ///
    /// - Throws: `Skipped` if this process may not examine it.
    package init(_ path: String, user: SystemUser?) throws {
        guard let user else { return }
        if let status = try FileStatus(path), !user.may(4, status) { blockedAt = path }
        var folder = File.folder(of: path)
        while folder != ".", let status = try FileStatus(folder) {
            if !user.may(1, status) { blockedAt = folder }
            guard folder != "/" else { break }
            folder = File.folder(of: folder)
        }
    }
}
