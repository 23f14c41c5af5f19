import Doctor
import Settings

/// Checks of the folder from which nginx serves the page.
enum WebRoot {
    /// The folder in which the Debian package installs the page.
    static let packaged = "/usr/share/gatehouse/web"

    /// The user that Debian's nginx runs as, for use if the configured user cannot be found because
    /// nginx does not accept its configuration yet.
    private static let defaultUser = "www-data"

    /// Checks that a folder has an `index.html` that nginx can read.
    ///
    /// - Throws: `CommandError` with the problem and how to solve it.
    static func verify(_ root: String) throws {
        guard root.hasPrefix("/") else {
            throw CommandError(
                "\(root.quoted) is not an absolute path; write one that begins with /, such as "
                    + "/var/www/gatehouse")
        }
        let page = "\(root)/index.html"
        guard let status = try FileStatus(page), status.isRegular else {
            throw CommandError(
                "\(root.escaped) has no index.html; give the folder that has the page, such as "
                    + packaged)
        }
        let user = SystemUser.ofNginx() ?? SystemUser(defaultUser)
        guard let user, let blocked = try PageAccess(page, user: user).blockedAt else { return }
        // Comparing `blocked` with `page` would not do: if the page is a symbolic link, the path of
        // its file differs.
        let isFolder = try FileStatus(blocked)?.isRegular == false
        throw CommandError(
            "nginx runs as \(user.name), who may not \(isFolder ? "enter" : "read") "
                + "\(blocked.escaped); chmod \(isFolder ? "o+x" : "o+r") \(blocked.asShellWord)")
    }
}
