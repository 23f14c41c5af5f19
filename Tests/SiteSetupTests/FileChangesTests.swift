import Glibc
import Settings
import TestSupport
import Testing

@testable import SiteSetup

struct FileChangesTests {
    private struct Rejected: Error {}

    private func text(_ path: String) -> String? {
        (try? File.read(path, atMost: 100)).map { String(decoding: $0.bytes, as: UTF8.self) }
    }

    private func content(_ text: String) -> FileChange.Content {
        .file(Array(text.utf8), mode: 0o644)
    }

    @Test func `a failed test puts every file back`() throws {
        let directory = try TemporaryDirectory()
        let folder = directory.path
        let (old, new, link) = ("\(folder)/old", "\(folder)/sub/new", "\(folder)/link")
        let file = try TemporaryFile("before", at: old)
        try #require(chmod(old, 0o640) == 0)
        var changes = FileChanges()
        try changes.add(old, content("after"))
        try changes.add(new, content("new"))
        try changes.add(link, .link(to: "old"))
        #expect(changes.paths == [old, new, link])

        #expect(throws: Rejected.self) {
            try changes.apply {
                #expect([text(old), text(new), text(link)] == ["after", "new", "after"])
                throw Rejected()
            }
        }
        #expect([text(file.path), text(new), text(link)] == ["before", nil, nil])
        var status = stat()
        #expect(lstat(link, &status) != 0)
        #expect(stat(old, &status) == 0 && status.st_mode & 0o777 == 0o640)
        #expect(stat("\(folder)/sub", &status) != 0)
    }

    @Test func `a folder that was there, or has another file by now, stays after a failed test`()
        throws
    {
        let directory = try TemporaryDirectory()
        let (old, new) = ("\(directory.path)/old", "\(directory.path)/new")
        try #require(mkdir(old, 0o755) == 0)
        defer { for folder in [old, "\(new)/sub", new] { rmdir(folder) } }
        var changes = FileChanges()
        try changes.add("\(old)/file", content("a"))
        try changes.add("\(new)/file", content("a"))
        #expect(throws: Rejected.self) {
            try changes.apply {
                try #require(mkdir("\(new)/sub", 0o755) == 0)
                throw Rejected()
            }
        }
        #expect(File.exists(at: old) && File.exists(at: "\(new)/sub"))
        #expect(!File.exists(at: "\(old)/file") && !File.exists(at: "\(new)/file"))
    }

    @Test func `no signal of a terminal interrupts the changes and their test`() throws {
        let directory = try TemporaryDirectory()
        var changes = FileChanges()
        try changes.add("\(directory.path)/file", content("a"))
        let signals = [SIGINT, SIGTERM, SIGHUP]
        func blocked() -> [Bool] {
            var set = sigset_t()
            pthread_sigmask(SIG_BLOCK, nil, &set)
            return signals.map { sigismember(&set, $0) == 1 }
        }
        // The threads that run tests block these signals, unlike the thread of a command.
        var (set, before) = (sigset_t(), sigset_t())
        sigemptyset(&set)
        for signal in signals { sigaddset(&set, signal) }
        pthread_sigmask(SIG_UNBLOCK, &set, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        #expect(throws: Rejected.self) {
            try changes.apply {
                #expect(blocked() == [true, true, true])
                throw Rejected()
            }
        }
        #expect(blocked() == [false, false, false])
    }

    @Test func `a file or another link in the place of a link is explained and stays`() throws {
        let directory = try TemporaryDirectory()
        let file = try TemporaryFile("mine", at: "\(directory.path)/file")
        let link = "\(directory.path)/link"
        try #require(symlink("elsewhere", link) == 0)
        defer { unlink(link) }
        var changes = FileChanges()
        for path in [file.path, link] {
            let error = #expect(throws: CommandError.self) {
                try changes.add(path, .link(to: "../target"))
            }
            #expect(error?.description.contains("\(path) is not a link to ../target") == true)
            #expect(error?.description.contains("move it out of \(directory.path)") == true)
        }
        #expect(changes.paths.isEmpty && text(file.path) == "mine")
    }

    @Test func `a link that another program made meanwhile stays`() throws {
        let directory = try TemporaryDirectory()
        let link = "\(directory.path)/link"
        var changes = FileChanges()
        try changes.add(link, .link(to: "file"))
        try #require(symlink("elsewhere", link) == 0)
        defer { unlink(link) }
        #expect(throws: CommandError.self) { try changes.apply {} }
        #expect(File.linkTarget(link) == "elsewhere")
    }

    @Test func `what is there already is not written`() throws {
        let directory = try TemporaryDirectory()
        let file = try TemporaryFile("same", at: "\(directory.path)/file")
        let link = "\(directory.path)/link"
        try #require(symlink("file", link) == 0)
        defer { unlink(link) }
        var changes = FileChanges()
        try changes.add(file.path, content("same"))
        try changes.add(link, .link(to: "file"))
        try changes.add("\(directory.path)/none", .missing)
        #expect(changes.paths.isEmpty)
    }

    @Test func `a file behind a link is written in its place`() throws {
        let directory = try TemporaryDirectory()
        let file = try TemporaryFile("before", at: "\(directory.path)/file")
        let link = "\(directory.path)/link"
        try #require(symlink("file", link) == 0)
        defer { unlink(link) }
        var changes = FileChanges()
        try changes.add(link, content("after"))
        try changes.apply {}
        #expect(text(file.path) == "after")
        #expect(File.linkOwner(link) != nil)
    }
}
