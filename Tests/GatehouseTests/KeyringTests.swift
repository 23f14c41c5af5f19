import ArgumentParser
import Backup
import Glibc
import Identity
import TestSupport
import Testing

@testable import Backup
@testable import Settings
@testable import gatehouse

struct KeyringTests {
    private let secret = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"
    private let now = Timestamp(seconds: 1_738_324_800)

    @Test func `a file with one secret is a keyring of one key`() throws {
        let ring = try Keyring(Array("\(secret)\n".utf8))

        #expect(ring.keys.map(\.secret.bytes) == [Array(secret.utf8)])
        #expect(ring.keys[0].madeAt == nil)
    }

    /// Any bytes must be preserved, because other programs verify tokens with the same secret.
    @Test(arguments: [
        Array("0123456789abcdefghijklmnopqrstuvwxyzABCDEFG".utf8),
        Array("a secret with blanks and\na line break in it, and one at its end\n".utf8),
        Array(0...255), Array("- text 0123456789abcdefghijklmnopqrstuvwxyz".utf8),
    ])
    func `a rotated file has the new key and the exact bytes of the old one`(old: [UInt8]) throws {
        var ring = try Keyring(old + [UInt8(ascii: "\n")])
        try ring.rotate(at: now)

        let read = try Keyring(ring.contents)

        #expect(read.keys.map(\.secret) == ring.keys.map(\.secret))
        #expect(read.keys.count == 2)
        #expect(read.keys[0].secret.bytes.count == 64)
        #expect(read.keys[0].madeAt == now)
        #expect(read.keys[1].secret.bytes == old)
        #expect(read.keys[1].madeAt == nil)
    }

    @Test func `two rotations leave two different keys`() throws {
        var ring = try Keyring(Array(secret.utf8))
        try ring.rotate(at: now)
        let first = ring.keys[0].secret
        try ring.rotate(at: now)

        #expect(ring.keys.count == 2)
        #expect(ring.keys[1].secret == first)
        #expect(ring.keys[0].secret != first)
    }

    @Test func `retiring removes the older key and keeps the last one`() throws {
        var ring = try Keyring(Array(secret.utf8))
        try ring.rotate(at: now)
        let newest = ring.keys[0].secret
        ring.retire()
        ring.retire()

        #expect(try Keyring(ring.contents).keys.map(\.secret) == [newest])
    }

    @Test func `line ends of Windows and a byte order mark change no key`() throws {
        var ring = try Keyring(Array("a secret with blanks in it, and more of it".utf8))
        try ring.rotate(at: now)
        let lines = String(decoding: ring.contents, as: UTF8.self).split(separator: "\n")
        let text = lines.map { "\($0)\r\n" }.joined()

        for contents in [text, "\u{FEFF}" + text] {
            #expect(try Keyring(Array(contents.utf8)).keys.map(\.secret) == ring.keys.map(\.secret))
        }
    }

    @Test(arguments: [
        "- text 0123456789abcdefghijklmnopqrstuvwxyzABCDEFG\t\n",
        "- text 0123456789abcdefghijklmnopqrstuvwxyzABCDEFG\r\r\n",
        "", "- text\n", "- text 0123456789abcdefghijklmnopqrstuvwxyzABCDEFG \n",
        "x text 0123456789abcdefghijklmnopqrstuvwxyzABCDEFG\n",
        "-1 text 0123456789abcdefghijklmnopqrstuvwxyzABCDEFG\n",
        "- rot13 0123456789abcdefghijklmnopqrstuvwxyzABCDEFG\n", "- text short\n",
        "- base64url 0123456789abcdefghijklmnopqrstuvwxyz*ABCDEFG\n",
        String(repeating: "- text 0123456789abcdefghijklmnopqrstuvwxyzABCDEFG\n", count: 3),
    ])
    func `a damaged file is rejected without showing its contents`(lines: String) throws {
        var ring = try Keyring(Array(secret.utf8))
        try ring.rotate(at: now)
        let text = String(decoding: ring.contents, as: UTF8.self)
        let heading = String(text.prefix { $0 != "\n" })

        let error = try #require(throws: InvalidValue.self) {
            try Keyring(Array("\(heading)\n\(lines)".utf8))
        }
        #expect(!error.reason.contains("abcdef"))
    }

    @Test func `the server reads both keys from the file`() throws {
        var ring = try Keyring(Array(secret.utf8))
        try ring.rotate(at: now)
        let file = try TemporaryFile(String(decoding: ring.contents, as: UTF8.self))

        let settings = try ServerSettings(
            environment: environment(["JWT_SECRET": nil, "JWT_SECRET_FILE": file.path]))

        #expect(settings.keyring.keys.map(\.secret) == ring.keys.map(\.secret))
        #expect("\(settings.keyring)" == "(set, 64 bytes) and (set, 43 bytes)")
    }

    @Test func `a key's name is unique and stable`() throws {
        var ring = try Keyring(Array(secret.utf8))
        try ring.rotate(at: now)
        let names = try ring.keys.map { try $0.name }

        #expect(Set(names).count == 2)
        #expect(try Keyring(Array(secret.utf8)).keys[0].name == names[1])
        let table = try KeyCommand.table(of: ring)
        #expect(
            table == """
                KEY     MADE                      STATE
                \(names[0])  2025-01-31T12:00:00.000Z  signing
                \(names[1])  -                         still valid
                """)
        #expect(!table.contains(secret))
    }

    @Test func `a rotated file keeps its mode and leaves no temporary file`() throws {
        let file = try TemporaryFile(secret)
        chmod(file.path, 0o640)
        // A file that an interrupted command left behind.
        let half = try TemporaryFile("half", at: file.path + ".new")
        let command = try KeyCommand.Rotate.parse(["--file", file.path])

        try command.run()

        #expect(try Keyring(File.read(file.path, atMost: 1000).bytes).keys.count == 2)
        var status = stat()
        try #require(stat(file.path, &status) == 0)
        #expect(status.st_mode & 0o7777 == 0o640)
        #expect(!File.exists(at: file.path + ".new"))
        withExtendedLifetime(half) {}
    }

    @Test func `a rotation through a symbolic link keeps the link`() throws {
        let file = try TemporaryFile(secret)
        let link = file.path + "-link"
        try #require(symlink(file.path, link) == 0)
        defer { unlink(link) }

        try KeyCommand.Rotate.parse(["--file", link]).run()

        #expect(File.linkOwner(link) != nil)
        #expect(try Keyring(File.read(file.path, atMost: 1000).bytes).keys.count == 2)
    }

    @Test func `two commands cannot replace a file at the same time`() throws {
        let file = try TemporaryFile(secret)
        let other = try AtomicFile(at: file.path + ".new")
        let command = try KeyCommand.Rotate.parse(["--file", file.path])

        let error = #expect(throws: CommandError.self) { try command.run() }

        #expect(error?.description.contains("another command is writing to it") == true)
        #expect(try File.read(file.path, atMost: 100).bytes == Array(secret.utf8))
        withExtendedLifetime(other) {}
    }
}
