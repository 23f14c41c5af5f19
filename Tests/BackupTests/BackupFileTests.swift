import Glibc
import Identity
import SQLiteStore
import Settings
import SplitMix
import TestSupport
import Testing

@testable import Backup

final class BackupFileTests {
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

    private func backUp() throws -> BackupFile {
        try BackupFile(of: open(), at: path, madeBy: "1.0", at: Timestamp(seconds: 1_700_000_000))
    }

    @Test func `a manifest is read as it was written, whatever precedes it`() throws {
        let file = try AtomicFile(at: path)
        try file.append(Array("\n{\n\n1}\n".utf8))
        let manifest = try Manifest(
            in: file, madeAt: "2026-11-24T12:00:00.000Z", madeBy: #"1.0 "beta""#,
            contents: .init(version: 3, accounts: 1, sessions: 2, people: 3))
        let bytes = try File.read(path, atMost: 9_999).bytes
        let length = bytes.count - Int(manifest.size)

        #expect(manifest.size == 7)
        #expect(Manifest(tail: bytes, of: Int64(bytes.count)) == manifest)
        #expect(Manifest(tail: Array(bytes.suffix(length)), of: Int64(bytes.count)) == manifest)
        #expect(Int64(length) < Manifest.maximumLength)
        for cut in 1..<length {
            let short = Array(bytes.dropLast(cut))
            #expect(Manifest(tail: short, of: Int64(short.count)) == nil)
        }
        #expect(Manifest(tail: [0] + bytes, of: Int64(bytes.count + 1)) == nil)
        #expect(Manifest(tail: [], of: 0) == nil)
    }

    @Test func `a backup is verified, and not with any byte changed`() throws {
        let made = try backUp()
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

    @Test func `a complete backup of a newer version is refused with an explanation`() throws {
        let next = DatabaseFile.knownVersion + 1
        try setVersion(next)
        _ = try backUp()

        let error = #expect(throws: CommandError.self) {
            try BackupFile(verifying: path, as: path)
        }
        #expect(error?.description.contains("made by a newer gatehouse") == true)
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
}
