import Glibc
import Testing

/// A file that goes away with its value, readable by its owner only.
package final class TemporaryFile: Sendable {
    package let path: String

    package init(_ text: String, at path: String? = nil) throws {
        let path = path ?? "/tmp/gatehouse-test-\(UInt64.random(in: 0...(.max)))"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        try #require(write(descriptor, bytes, bytes.count) == bytes.count)
        self.path = path
    }

    deinit { unlink(path) }
}
