import Glibc
import Identity
import SQLiteStore
import Settings
import SplitMix
import TestSupport
import Testing

@testable import Backup

final class BackupTests {
    let directory: TemporaryDirectory
    private let path: String
    private let database: String

    init() throws {
        directory = try TemporaryDirectory()
        path = "\(directory.path)/backup"
        database = "\(directory.path)/gatehouse.db"
        try SQLiteStore(path: database).close()
    }

    deinit {
        for suffix in ["", "-wal", "-shm", "-journal"] {
            for file in [path, database] { unlink(file + suffix) }
        }
    }

    private func open() throws -> DatabaseFile {
        try DatabaseFile(path: database, mayWrite: true)
    }

    @Test func `a manifest is read as it was written, whatever comes before it`() throws {
        let draft = try AtomicFile(at: path)
        try draft.append(Array("\n{\n\n1}\n".utf8))
        let manifest = try Manifest(
            in: draft, madeAt: "2026-11-24T12:00:00.000Z", madeBy: #"1.0 "beta""#,
            contents: .init(version: 3, accounts: 1, sessions: 2, people: 3))
        let file = try File.read(path, atMost: 9_999).bytes
        let length = file.count - Int(manifest.size)

        #expect(manifest.size == 7)
        #expect(Manifest(tail: file, of: Int64(file.count)) == manifest)
        #expect(Manifest(tail: Array(file.suffix(length)), of: Int64(file.count)) == manifest)
        #expect(Int64(length) < Manifest.maximalLength)
        for cut in 1..<length {
            let short = Array(file.dropLast(cut))
            #expect(Manifest(tail: short, of: Int64(short.count)) == nil)
        }
        #expect(Manifest(tail: [0] + file, of: Int64(file.count + 1)) == nil)
        #expect(Manifest(tail: [], of: 0) == nil)
    }

    @Test func `a backup proves itself, and only as it is`() throws {
        let made = try BackupFile(of: open(), at: path)
        #expect(try BackupFile(verifying: path, as: path).manifest == made.manifest)
        #expect(made.manifest.contents.version == DatabaseFile.knownVersion)

        var generator = SplitMix()
        let size = try Int64(File.read(path, atMost: 1 << 20).bytes.count)
        let places = (0..<50).map { _ in Int64.random(in: 0..<size, using: &generator) }
        for place in places + (made.manifest.size..<size) {
            try flip(byte: place)
            #expect(throws: CommandError.self, "byte \(place)") {
                try BackupFile(verifying: path, as: path)
            }
            try flip(byte: place)
        }
        #expect(try BackupFile(verifying: path, as: path).manifest == made.manifest)
    }

    @Test func `a whole backup of a newer version is refused in words`() throws {
        let next = DatabaseFile.knownVersion + 1
        try setVersion(next)
        _ = try BackupFile(of: open(), at: path)

        let complaint = #expect(throws: CommandError.self) {
            try BackupFile(verifying: path, as: path)
        }
        #expect(complaint?.description.contains("made by a newer gatehouse") == true)
    }

    @Test func `a draft is for its owner only, and goes unless it was published`() throws {
        do {
            let draft = try AtomicFile(at: path)
            try draft.append([1, 2, 3])
            var status = stat()
            try #require(stat(path, &status) == 0)
            #expect(status.st_mode & 0o777 == 0o600)
            #expect(throws: CommandError.self) { try AtomicFile(at: path) }
            #expect(File.exists(at: path), "the second has not removed the first's")
        }
        #expect(!File.exists(at: path))

        do {
            let draft = try AtomicFile(at: path)
            try draft.append([1, 2, 3])
            try draft.commit(as: path + "-done")
        }
        #expect(try File.read(path + "-done", atMost: 9).bytes == [1, 2, 3])
        unlink(path + "-done")
    }

    @Test func `a draft takes over what a killed process left, but not what is beside`() throws {
        for suffix in ["", "-wal", "-journal"] { try leave("left", at: path + suffix) }

        let draft = try AtomicFile(at: path)

        #expect(try draft.size == 0)
        for suffix in ["-wal", "-journal"] { #expect(!File.exists(at: path + suffix)) }
    }

    @Test func `a draft is not written through a link`() throws {
        let precious = try TemporaryFile("precious")
        try #require(symlink(precious.path, path) == 0)

        #expect(throws: CommandError.self) { try AtomicFile(at: path) }

        #expect(try File.read(precious.path, atMost: 9).bytes == Array("precious".utf8))
    }

    private func setVersion(_ version: Int64) throws {
        // "user_version" is the big-endian number at offset 60 (https://sqlite.org/fileformat2.html).
        let file = Glibc.open(database, O_RDWR | O_CLOEXEC)
        try #require(file >= 0)
        defer { close(file) }
        let bytes = [0, 0, 0, UInt8(version)]
        try #require(pwrite(file, bytes, 4, 60) == 4)
    }

    private func flip(byte place: Int64) throws {
        let file = Glibc.open(path, O_RDWR | O_CLOEXEC)
        try #require(file >= 0)
        defer { close(file) }
        var byte = [UInt8(0)]
        try #require(pread(file, &byte, 1, off_t(place)) == 1)
        byte[0] ^= 0x40
        try #require(pwrite(file, byte, 1, off_t(place)) == 1)
    }

    private func leave(_ text: String, at path: String) throws {
        let file = Glibc.open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
        try #require(file >= 0)
        defer { close(file) }
        try #require(write(file, Array(text.utf8), text.utf8.count) == text.utf8.count)
    }
}
