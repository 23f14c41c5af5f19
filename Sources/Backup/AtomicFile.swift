package import Glibc
import Settings

/// A file that is written under a temporary name and gets its final name on commit.
///
/// By default, only the owner can read the file. Without a commit, `deinit` deletes the file. A
/// killed process leaves the temporary file behind. The next process that writes to the same name
/// reuses that file, so such files do not accumulate.
package final class AtomicFile {
    /// The temporary path of the file.
    package let path: String
    private let descriptor: Int32
    /// Whether `deinit` deletes the file.
    ///
    /// This is false after a commit, or if the file belongs to another process.
    private var deletesOnDeinit = true

    /// Creates an empty file, or empties the file that a killed process left.
    ///
    /// - Parameters:
    ///   - path: The temporary path.
    ///   - name: The path that the error message names if the file cannot be created; `nil` for
    ///     `path`.
    /// - Throws: `CommandError` if the file cannot be written or another process is writing to it.
    package init(at path: String, as name: String? = nil) throws {
        self.path = path
        // Without O_NOFOLLOW, an attacker could plant a link at this path, and root would empty the
        // target of the link.
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw CommandError.unwritable(name ?? path) }
        // Lock with flock(2), because SQLite uses fcntl(2) locks on the same file.
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            // Do not delete the file, because it belongs to the process that holds the lock.
            deletesOnDeinit = false
            throw errno == EWOULDBLOCK
                ? CommandError.beingWritten(path) : CommandError.unwritable(path)
        }
        // Another process may have deleted or committed the file after this process opened it. A
        // committed file must not be emptied.
        guard Self.isOnlyName(path, of: descriptor) else {
            deletesOnDeinit = false
            throw CommandError.beingWritten(path)
        }
        guard fchmod(descriptor, 0o600) == 0, ftruncate(descriptor, 0) == 0 else {
            throw CommandError.unwritable(path)
        }
        // Delete a leftover journal or write-ahead log. Otherwise SQLite would apply it to the new
        // file.
        removeCompanions()
    }

    deinit {
        guard descriptor >= 0 else { return }
        if deletesOnDeinit {
            unlink(path)
            removeCompanions()
        }
        // Close the file last, because close(2) drops the fcntl(2) locks that SQLite holds on the
        // same file in this process.
        close(descriptor)
    }

    /// Returns whether a path is the only name of an open regular file.
    static func isOnlyName(_ path: String, of descriptor: Int32) -> Bool {
        var opened = stat()
        var named = stat()
        return fstat(descriptor, &opened) == 0 && lstat(path, &named) == 0
            && opened.st_dev == named.st_dev && opened.st_ino == named.st_ino
            && opened.st_nlink == 1 && opened.st_mode & S_IFMT == S_IFREG
    }

    /// The length of the file in bytes.
    package var size: Int64 {
        get throws {
            var status = stat()
            guard fstat(descriptor, &status) == 0 else { throw CommandError.unwritable(path) }
            return Int64(status.st_size)
        }
    }

    /// Changes the owner, the group and the mode of the file.
    package func give(to owner: uid_t, _ group: gid_t, mode: mode_t = 0o600) throws {
        guard fchown(descriptor, owner, group) == 0, fchmod(descriptor, mode) == 0 else {
            throw CommandError.unwritable(path)
        }
    }

    /// Appends bytes to the file.
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

    /// Appends the contents of another file.
    ///
    /// - Throws: `CommandError` if `source` cannot be read or is not a regular file, or if this
    ///   file cannot be written.
    package func append(contentsOf source: String) throws {
        try File.withDescriptor(of: source) { descriptor in
            try File.forEachChunk(of: descriptor, at: source) { try append($0) }
        }
    }

    /// Shortens the file to `size` bytes.
    package func truncate(to size: Int64) throws {
        guard ftruncate(descriptor, off_t(size)) == 0 else { throw CommandError.unwritable(path) }
    }

    /// The SHA-256 of the whole file, in hexadecimal digits.
    func digest() throws -> String {
        try File.digest(of: descriptor, at: path, first: size)
    }

    /// Syncs the file to disk and gives it its final name; replaces an existing file of that name.
    package func commit(as name: String) throws {
        guard fsync(descriptor) == 0, rename(path, name) == 0 else {
            throw CommandError.unwritable(name)
        }
        deletesOnDeinit = false
        // Sync the directory as well. Otherwise its entry for the file might not reach the disk
        // (fsync(2)).
        let folder = open(File.folder(of: name), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw CommandError.unwritable(name) }
        defer { close(folder) }
        // Some network file systems cannot sync a directory and report EINVAL.
        guard fsync(folder) == 0 || errno == EINVAL else { throw CommandError.unwritable(name) }
    }

    private func removeCompanions() {
        for suffix in ["-journal", "-wal", "-shm"] { unlink(path + suffix) }
    }
}
