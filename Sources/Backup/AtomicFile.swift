import Cryptography
package import Glibc
package import Settings

/// A file in the making: under another name, for its owner's eyes only, and gone with this value
/// unless it was published.
///
/// A process that is killed leaves it behind. The next one for the same name takes it over, so
/// what is left never piles up.
package final class AtomicFile {
    package let path: String
    private let descriptor: Int32
    private var isCommitted = false

    /// Makes an empty file.
    ///
    /// - Throws: `CommandError`, also while another process is at work on it.
    package init(at path: String) throws {
        self.path = path
        // Not through a link, which might have been laid there: root would empty what it names.
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw CommandError.unwritable(path) }
        // flock(2), since SQLite has fcntl's locks on the file.
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            // What is here is the other's.
            isCommitted = true
            throw errno == EWOULDBLOCK ? CommandError.underWay(path) : CommandError.unwritable(path)
        }
        var status = stat()
        // No name: the other was just about to finish.
        guard fstat(descriptor, &status) == 0, status.st_nlink == 1,
            status.st_mode & S_IFMT == S_IFREG
        else {
            isCommitted = true
            throw CommandError.underWay(path)
        }
        guard fchmod(descriptor, 0o600) == 0, ftruncate(descriptor, 0) == 0 else {
            throw CommandError.unwritable(path)
        }
        // SQLite would take them for this file's own.
        removeCompanions()
    }

    deinit {
        guard descriptor >= 0 else { return }
        if !isCommitted {
            unlink(path)
            removeCompanions()
        }
        // Only now: to close it drops the locks that SQLite's connections in this process hold.
        close(descriptor)
    }

    /// How long the file is, in bytes.
    package var size: Int64 {
        get throws {
            var status = stat()
            guard fstat(descriptor, &status) == 0 else { throw CommandError.unwritable(path) }
            return Int64(status.st_size)
        }
    }

    /// Gives the file to a user and a group, with a mode.
    package func give(to owner: uid_t, _ group: gid_t, mode: mode_t = 0o600) throws {
        guard fchown(descriptor, owner, group) == 0, fchmod(descriptor, mode) == 0 else {
            throw CommandError.unwritable(path)
        }
    }

    /// Adds bytes at the end.
    package func append(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        var offset = try size
        while !rest.isEmpty {
            let count = pwrite(descriptor, Array(rest), rest.count, off_t(offset))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw CommandError.unwritable(path) }
            rest = rest.dropFirst(count)
            offset += Int64(count)
        }
    }

    /// Cuts the file off.
    package func truncate(to size: Int64) throws {
        guard ftruncate(descriptor, off_t(size)) == 0 else { throw CommandError.unwritable(path) }
    }

    /// The SHA-256 of all that is in it.
    package func digest() throws -> String {
        try FileReader(descriptor: descriptor, path: path).digest(ofFirst: size)
    }

    /// Gives the file its name, once it is on disk; what had the name is replaced.
    package func commit(as name: String) throws {
        guard fsync(descriptor) == 0, rename(path, name) == 0 else {
            throw CommandError.unwritable(name)
        }
        isCommitted = true
        // The new name is on disk when its folder is.
        let folder = open(File.folder(of: name), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw CommandError.unwritable(name) }
        defer { close(folder) }
        // Some file systems of other machines cannot sync a folder, and say so.
        guard fsync(folder) == 0 || errno == EINVAL else { throw CommandError.unwritable(name) }
    }

    private func removeCompanions() {
        for suffix in ["-journal", "-wal", "-shm"] { unlink(path + suffix) }
    }
}

extension CommandError {
    /// A file cannot be written; why is in `errno`.
    package static func unwritable(_ path: String) -> CommandError {
        CommandError("\(path.escaped) cannot be written: \(reason(errno))")
    }

    /// A file cannot be read; why is in `errno`.
    package static func unreadable(_ path: String) -> CommandError {
        CommandError("\(path.escaped) cannot be read: \(reason(errno))")
    }

    fileprivate static func underWay(_ path: String) -> CommandError {
        CommandError("\(path.escaped) is in use; another command is at work on it")
    }

    private static func reason(_ number: Int32) -> String {
        strerror(number).map { String(cString: $0) } ?? "error \(number)"
    }
}
