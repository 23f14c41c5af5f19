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

    deinit {
        for name in ["", "-wal", "-shm"] { unlink(database + name) }
        rmdir(path)
    }
}
