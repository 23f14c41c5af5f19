import Glibc
import Testing

/// An empty directory that goes away with its value.
package final class TemporaryDirectory: Sendable {
    package let path: String

    package init() throws {
        path = "/tmp/gatehouse-test-\(UInt64.random(in: 0...(.max)))"
        try #require(mkdir(path, 0o700) == 0)
    }

    deinit { rmdir(path) }
}
