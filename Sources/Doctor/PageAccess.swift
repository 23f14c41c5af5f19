import Settings

/// Whether a user may read a file.
///
/// The user needs access to the file itself, and to each folder and each target of a symbolic link
/// on the way to the file.
package struct PageAccess {
    /// The first path to which the user has no access; nil if the user may read the file.
    ///
    /// It is also nil if the user does not exist.
    package private(set) var blockedAt: String?

    /// Examines an absolute path.
    ///
    /// - Throws: `Skipped` if this process may not examine the path.
    package init(_ path: String, user: SystemUser?) throws {
        guard let user else { return }
        // path_resolution(7): Linux follows at most 40 links.
        var links = 40
        var rest = Self.names(path)
        var place = "/"
        while let status = try FileStatus(place) {
            guard user.may(rest.isEmpty ? 4 : 1, status) else {
                blockedAt = place
                return
            }
            guard !rest.isEmpty else { return }
            let name = rest.removeFirst()
            guard name != ".." else {
                place = File.folder(of: place)
                continue
            }
            let next = place == "/" ? "/\(name)" : "\(place)/\(name)"
            if links > 0, let target = File.linkTarget(next) {
                links -= 1
                rest = Self.names(target) + rest
                if target.hasPrefix("/") { place = "/" }
            } else {
                place = next
            }
        }
    }

    private static func names(_ path: String) -> [Substring] {
        path.split(separator: "/").filter { $0 != "." }
    }
}
