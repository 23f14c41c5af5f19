import Glibc
import TestSupport
import Testing

@testable import Settings

final class FilePathsTests {
    private let directory: TemporaryDirectory
    private var made: [String] = []

    init() throws { directory = try TemporaryDirectory() }

    deinit { for path in made.reversed() { unlink(path) } }

    private func link(_ name: String, to target: String) throws -> String {
        let path = "\(directory.path)/\(name)"
        try #require(symlink(target, path) == 0)
        made.append(path)
        return path
    }

    @Test func `links at the end of a path are followed, absolute and relative ones`() throws {
        let file = try TemporaryFile("x", at: "\(directory.path)/file")
        let absolute = try link("absolute", to: file.path)
        let relative = try link("relative", to: "absolute")

        for path in [file.path, absolute, relative] {
            #expect(File.areSame(File.resolve(path).path, file.path))
            #expect(File.name(of: File.resolve(path).path) == "file")
        }
        #expect(File.resolve(file.path).linkOwners == [])
        #expect(File.resolve(relative).linkOwners == [geteuid(), geteuid()])
        unlink(file.path)
    }

    @Test func `a link to a missing file leads to the path of that file`() throws {
        let dangling = try link("dangling", to: "missing")

        #expect(File.resolve(dangling).path == "\(directory.path)/missing")
    }

    @Test func `links in a circle end`() throws {
        let first = try link("first", to: "second")
        _ = try link("second", to: "first")

        #expect(File.resolve(first).linkOwners.count == 40)
    }

    @Test(arguments: [
        ("/a/b", "b"), ("b", "b"), ("/b", "b"), ("a/", ""),
    ])
    func `the name of a file is the last component of its path`(path: String, name: String) {
        #expect(File.name(of: path) == name)
    }

    @Test func `the path of the database is that of the file that a link leads to`() throws {
        let path = try link("gatehouse.db", to: "real.db")

        let settings = try AccountSettings(environment: ["GATEHOUSE_DATABASE": path])

        #expect(settings.databasePath == "\(directory.path)/real.db")
        #expect(settings.databaseSetting == path)
    }
}
