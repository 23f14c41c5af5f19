import Glibc
import Settings
import TestSupport
import Testing

@testable import Backup

final class AtomicFileTests {
    let directory: TemporaryDirectory
    private let path: String

    init() throws {
        directory = try TemporaryDirectory()
        path = "\(directory.path)/file"
    }

    deinit {
        for suffix in ["", "-wal", "-shm", "-journal"] { unlink(path + suffix) }
    }

    @Test func `only the owner can read the file, and it is deleted without a commit`() throws {
        do {
            let file = try AtomicFile(at: path)
            try file.append([1, 2, 3])
            var status = stat()
            try #require(stat(path, &status) == 0)
            #expect(status.st_mode & 0o777 == 0o600)
            #expect(throws: CommandError.self) { try AtomicFile(at: path) }
            #expect(
                File.exists(at: path), "the second process must not delete the file of the first")
        }
        #expect(!File.exists(at: path))

        do {
            let file = try AtomicFile(at: path)
            try file.append([1, 2, 3])
            try file.commit(as: path + "-done")
        }
        #expect(try File.read(path + "-done", atMost: 9).bytes == [1, 2, 3])
        unlink(path + "-done")
    }

    @Test func `the file of a killed process is reused, without its journals`() throws {
        for suffix in ["", "-wal", "-journal"] { try leave("left", at: path + suffix) }

        let file = try AtomicFile(at: path)

        #expect(try file.size == 0)
        for suffix in ["-wal", "-journal"] { #expect(!File.exists(at: path + suffix)) }
    }

    @Test func `a file that was committed or deleted after it was opened is not written`() throws {
        try leave("first", at: path)
        let descriptor = open(path, O_RDWR)
        defer { close(descriptor) }
        #expect(AtomicFile.isOnlyName(path, of: descriptor))

        try #require(rename(path, path + "-done") == 0)
        #expect(!AtomicFile.isOnlyName(path, of: descriptor), "it was committed")
        try leave("second", at: path)
        #expect(!AtomicFile.isOnlyName(path, of: descriptor), "another file has the name")

        unlink(path + "-done")
        #expect(!AtomicFile.isOnlyName(path, of: descriptor), "it was deleted")
    }

    @Test func `a symbolic link is not followed`() throws {
        let precious = try TemporaryFile("precious")
        try #require(symlink(precious.path, path) == 0)

        #expect(throws: CommandError.self) { try AtomicFile(at: path) }

        #expect(try File.read(precious.path, atMost: 9).bytes == Array("precious".utf8))
    }

    private func leave(_ text: String, at path: String) throws {
        let file = Glibc.open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
        try #require(file >= 0)
        defer { close(file) }
        try #require(write(file, Array(text.utf8), text.utf8.count) == text.utf8.count)
    }
}
