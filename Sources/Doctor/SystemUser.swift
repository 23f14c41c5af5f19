import Glibc

/// A user of the operating system, with the IDs of all groups to which the user belongs.
package struct SystemUser {
    package let name: String
    let number: uid_t
    let groups: [gid_t]

    /// Looks up a user by name; nil if there is no such user.
    ///
    /// - Parameters:
    ///   - name: The login name.
    ///   - group: The name of a further group to which the user's processes belong.
    package init?(_ name: String, group: String? = nil) {
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

    /// Returns the user of nginx's workers.
    ///
    /// - Returns: nil if nginx rejects its configuration, or if the configuration names no existing
    ///   user.
    package static func ofNginx() -> SystemUser? {
        guard let dump = try? NginxDump.read(Installation.Choices()), dump.isAccepted else {
            return nil
        }
        return try? NginxConfiguration(dump.text).user
    }

    /// Returns true if the user has a permission on a file or folder.
    ///
    /// The permission is 4 to read, 2 to write, or 1 to enter a folder.
    func may(_ permission: mode_t, _ file: FileStatus) -> Bool {
        if number == 0 { return true }
        let shift: mode_t = file.owner == number ? 6 : groups.contains(file.group) ? 3 : 0
        return file.mode >> shift & permission == permission
    }
}
