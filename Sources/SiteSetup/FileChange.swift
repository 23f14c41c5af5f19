import Backup
import Glibc
import Settings

/// A file or a symbolic link that gets new content, and what was there before.
struct FileChange {
    enum Content: Equatable {
        case file([UInt8], mode: mode_t)
        case link(to: String)
        case missing
    }

    let path: String
    let new: Content
    private let old: Content

    /// Plans a change; nil if the path has the content already.
    ///
    /// An existing file keeps its mode and its owner. If the path is a symbolic link to a file, the
    /// file is changed, not the link.
    ///
    /// - Throws: `CommandError` if the present file cannot be read, or if the new content is a link
    ///   and something else exists at the path.
    init?(_ path: String, _ new: Content) throws {
        if case .file = new {
            self.path = File.resolve(path).path
        } else {
            self.path = path
        }
        old = try Self.content(of: self.path)
        if case (.file(let before, _), .file(let after, _)) = (old, new), before == after {
            return nil
        }
        guard old != new else { return nil }
        if case .link(let target) = new, old != .missing {
            throw CommandError(
                "\(path.escaped) is not a link to \(target.escaped), as it has to be; move it out of "
                    + "\(File.folder(of: path).escaped), then run the command again")
        }
        self.new = new
    }

    /// Makes the change.
    func apply() throws { try put(new) }

    /// Puts back what was there before, even if the change was made only in part.
    func revert() throws {
        let present = try Self.content(of: path)
        // If the path does not hold the new link, `apply` has not made the link. Anything that is
        // there belongs to another program.
        if case .link = new, present != new { return }
        if present != old { try put(old) }
    }

    private func put(_ content: Content) throws {
        switch content {
        case .missing:
            guard unlink(path) == 0 || errno == ENOENT else { throw CommandError.unwritable(path) }
        case .link(let target):
            guard symlink(target, path) == 0 else { throw CommandError.unwritable(path) }
        case .file(let bytes, let mode):
            var status = stat()
            let exists = stat(path, &status) == 0
            let file = try AtomicFile(at: path + ".new")
            try file.append(bytes)
            if exists {
                try file.give(to: status.st_uid, status.st_gid, mode: status.st_mode & 0o7777)
            } else {
                try file.give(to: geteuid(), getegid(), mode: mode)
            }
            try file.commit(as: path)
        }
    }

    private static func content(of path: String) throws -> Content {
        var status = stat()
        guard lstat(path, &status) == 0 else { return .missing }
        if status.st_mode & S_IFMT == S_IFLNK {
            guard let target = File.linkTarget(path) else { throw CommandError.unreadable(path) }
            return .link(to: target)
        }
        do throws(FileError) {
            let file = try File.read(path, atMost: 1 << 20)
            return .file(file.bytes, mode: status.st_mode & 0o7777)
        } catch {
            throw CommandError("\(path.escaped) \(error)")
        }
    }
}
