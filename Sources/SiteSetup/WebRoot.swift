import Doctor
import Settings

/// Checks of the folder from which nginx serves the page.
enum WebRoot {
    /// The page of the Debian package.
    static let packaged = "/usr/share/gatehouse/web"

    /// The user under which Debian's nginx reads files.
    private static let user = "www-data"

    /// Checks that a folder has an `index.html` that nginx can read.
    ///
    /// - Throws: `CommandError` with the problem and its cure.
    static func verify(_ root: String) throws {
        guard root.hasPrefix("/") else {
            throw CommandError(
                "\(root.quoted) is not a whole path; write it from the / on, such as "
                    + "/var/www/gatehouse")
        }
        let page = "\(root)/index.html"
        guard let status = try FileStatus(page), status.isRegular else {
            throw CommandError(
                "\(root.escaped) has no index.html; give the folder that has the page, such as "
                    + packaged)
        }
        guard let blocked = try PageAccess(page, user: SystemUser(user)).blockedAt else { return }
        throw CommandError(
            "nginx runs as \(user), who may not read \(blocked.escaped); "
                + "chmod \(blocked == page ? "o+r" : "o+x") \(blocked.asShellWord)")
    }
}
