import Glibc
import Settings
import TestSupport
import Testing

@testable import Doctor

struct PageAccessTests {
    /// A folder that every user may enter, with the folders `open` and `closed`, each with a page.
    private final class Folders {
        let directory: TemporaryDirectory
        var path: String { directory.path }
        private let files: [TemporaryFile]

        init() throws {
            directory = try TemporaryDirectory()
            let path = directory.path
            for folder in [path + "/open", path + "/closed"] {
                try #require(mkdir(folder, 0o700) == 0)
            }
            try #require(chmod(path, 0o755) == 0 && chmod(path + "/open", 0o755) == 0)
            files = try ["open", "closed"].map { try TemporaryFile("a", at: "\(path)/\($0)/page") }
            for file in files { try #require(chmod(file.path, 0o644) == 0) }
        }

        deinit {
            for file in files { unlink(file.path) }
            for name in ["open/link", "link"] { unlink("\(path)/\(name)") }
            for folder in ["open", "closed"] { rmdir("\(path)/\(folder)") }
        }

        func blocked(_ page: String) throws -> String? {
            let user = try #require(SystemUser("nobody"))
            return try PageAccess("\(path)/\(page)", user: user).blockedAt
        }
    }

    @Test func `access ends at the first folder or at the file`() throws {
        let folders = try Folders()
        #expect(try folders.blocked("open/page") == nil)
        #expect(try folders.blocked("closed/page") == folders.path + "/closed")
        try #require(chmod(folders.path + "/open/page", 0o600) == 0)
        #expect(try folders.blocked("open/page") == folders.path + "/open/page")
        #expect(try PageAccess(folders.path + "/open/page", user: nil).blockedAt == nil)
    }

    @Test(arguments: ["../closed/page", "%/closed/page", "../closed/./../closed/page"])
    func `a folder that only a link to the file leads through counts`(target: String) throws {
        let folders = try Folders()
        let target = target.replacing("%", with: folders.path)
        try #require(symlink(target, folders.path + "/open/link") == 0)
        #expect(try folders.blocked("open/link") == folders.path + "/closed")
        try #require(chmod(folders.path + "/closed", 0o711) == 0)
        #expect(try folders.blocked("open/link") == nil)
        try #require(chmod(folders.path + "/closed/page", 0o600) == 0)
        #expect(try folders.blocked("open/link") == folders.path + "/closed/page")
    }

    @Test func `a folder before a link to another folder counts`() throws {
        let folders = try Folders()
        try #require(symlink("open", folders.path + "/link") == 0)
        #expect(try folders.blocked("link/page") == nil)
        #expect(try folders.blocked("closed/../open/page") == folders.path + "/closed")
    }

    @Test func `links that lead to each other end the walk`() throws {
        let folders = try Folders()
        try #require(symlink("link", folders.path + "/link") == 0)
        #expect(throws: Skipped.self) { try folders.blocked("link/page") }
    }
}
