import Glibc
import Testing

/// A directory that goes with its owner.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        let template = try #require(strdup("/tmp/gatehouse-store-XXXXXX"))
        defer { free(template) }
        path = String(cString: try #require(mkdtemp(template)))
    }

    var database: String { "\(path)/gatehouse.sqlite" }

    /// Changes bytes of the database file, as a defective disk would; SQL cannot do that.
    func overwrite(_ old: String, with new: String) throws {
        try #require(old.utf8.count == new.utf8.count)
        let file = open(database, O_RDWR | O_CLOEXEC)
        try #require(file >= 0)
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = pread(file, &bytes, bytes.count, 0)
        let place = try #require(bytes.prefix(count).firstRange(of: Array(old.utf8)))
        try #require(pwrite(file, new, new.utf8.count, off_t(place.lowerBound)) == new.utf8.count)
    }

    deinit {
        for name in ["", "-wal", "-shm"] { unlink(database + name) }
        rmdir(path)
    }
}
