import JSON
package import SQLiteStore
import Settings

/// The description of a backup, written as one line of JSON after the database in the same file.
///
/// The database and the manifest are in one file, so that they cannot be separated. SQLite reads
/// the length of a database from its header and ignores the bytes after the database.
package struct Manifest: Equatable {
    /// The time of the backup, in UTC as ISO 8601.
    ///
    /// The backup contains everything that was committed by this time.
    package let madeAt: String
    /// The version of Gatehouse that made the backup.
    package let madeBy: String
    /// The schema version of the database, and the numbers of rows in its tables.
    package let contents: DatabaseFile.Contents
    /// The length of the database in bytes, without the manifest.
    package let size: Int64
    /// The SHA-256 of all bytes of the file before this value, in hexadecimal digits.
    ///
    /// Those bytes are the database and the first part of the manifest.
    let digest: String

    /// The maximum length in bytes of a manifest that Gatehouse writes.
    static let maximumLength: Int64 = 1024
    /// The number of bytes from the start of the digest to the end of the file.
    static let trailerLength: Int64 = 64 + Int64(closing.count)

    private init(
        madeAt: String, madeBy: String, contents: DatabaseFile.Contents, size: Int64,
        digest: String
    ) {
        self.madeAt = madeAt
        self.madeBy = madeBy
        self.contents = contents
        self.size = size
        self.digest = digest
    }

    /// Appends a manifest to a file that holds a database.
    init(
        in file: AtomicFile, madeAt: String, madeBy: String, contents: DatabaseFile.Contents
    ) throws {
        let size = try file.size
        try file.append(
            Self.opening(madeAt: madeAt, madeBy: madeBy, contents: contents, size: size))
        let digest = try file.digest()
        try file.append(Array(digest.utf8) + Self.closing)
        self.init(
            madeAt: madeAt, madeBy: madeBy, contents: contents, size: size, digest: digest)
    }

    /// Reads the manifest from the last bytes of a file; returns `nil` if it is missing or invalid.
    ///
    /// - Parameters:
    ///   - tail: The last bytes of the file, up to `maximumLength`.
    ///   - length: The length of the whole file in bytes.
    init?(tail: [UInt8], of length: Int64) {
        // The manifest is one line of JSON, with a line break before it.
        guard tail.suffix(Self.closing.count).elementsEqual(Self.closing),
            let start = tail.dropLast().lastIndex(of: lineBreak),
            let object = try? JSONObject(Array(tail[(start + 1)...].dropLast()).span),
            object["kind"]?.string == Self.kind, object["format"]?.integer == 1,
            let madeAt = object["made"]?.string, let madeBy = object["gatehouse"]?.string,
            let version = object["version"]?.integer,
            let accounts = object["accounts"]?.integer,
            let sessions = object["sessions"]?.integer, let people = object["people"]?.integer,
            let size = object["bytes"]?.integer, let digest = object["sha256"]?.string,
            size == length - Int64(tail.count - start),
            tail.suffix(Int(Self.trailerLength)).starts(with: digest.utf8)
        else { return nil }
        self.init(
            madeAt: madeAt, madeBy: madeBy,
            contents: DatabaseFile.Contents(
                version: version, accounts: accounts, sessions: sessions, people: people),
            size: size, digest: digest)
    }

    /// The part of the manifest before the digest; the digest also covers this part.
    private static func opening(
        madeAt: String, madeBy: String, contents: DatabaseFile.Contents, size: Int64
    ) -> [UInt8] {
        var writer = JSONWriter(capacity: 512)
        writer.append("\n{\"kind\":")
        writer.append(string: kind)
        writer.append(#","format":1,"made":"#)
        writer.append(string: madeAt)
        writer.append(#","gatehouse":"#)
        writer.append(string: madeBy)
        writer.append(#","version":"#)
        writer.append(number: contents.version)
        writer.append(#","accounts":"#)
        writer.append(number: contents.accounts)
        writer.append(#","sessions":"#)
        writer.append(number: contents.sessions)
        writer.append(#","people":"#)
        writer.append(number: contents.people)
        writer.append(#","bytes":"#)
        writer.append(number: size)
        writer.append(#","sha256":""#)
        return writer.bytes
    }

    private static let closing = Array("\"}\n".utf8)
    private static let kind = "gatehouse backup"
}

private let lineBreak = UInt8(ascii: "\n")

extension Manifest: CustomStringConvertible {
    /// A summary of the backup for the output of a command.
    package var description: String {
        """
        backup made at \(madeAt.escaped) by gatehouse \(madeBy.escaped): accounts \(contents.accounts), \
        sessions \(contents.sessions), people \(contents.people)
        """
    }
}
