import JSON
package import SQLiteStore
import Settings

/// What a backup says of itself: the last line of its file, behind the database.
///
/// It is in the same file, so that neither can be lost without the other. SQLite goes by the
/// length in the database's own header and takes no notice of what comes behind it.
package struct Manifest: Equatable {
    /// When the backup was made, as ISO 8601 in UTC: what had been committed by then is in it.
    package let madeAt: String
    /// The version of Gatehouse that made it.
    package let madeBy: String
    /// What is in it.
    package let contents: DatabaseFile.Contents
    /// How many bytes the database has, in front of the manifest.
    package let size: Int64
    /// The SHA-256 of all that comes before it, the manifest's own beginning included, in
    /// hexadecimal digits.
    package let digest: String

    /// Longer ones were not made here.
    package static let maximalLength: Int64 = 1024
    /// How many bytes there are from the digest to the end of the file.
    package static let trailerLength: Int64 = 64 + Int64(closing.count)

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

    /// Writes a manifest behind the database in a draft.
    package init(
        in draft: AtomicFile, madeAt: String, madeBy: String, contents: DatabaseFile.Contents
    ) throws {
        let size = try draft.size
        try draft.append(
            Self.opening(madeAt: madeAt, madeBy: madeBy, contents: contents, size: size))
        let digest = try draft.digest()
        try draft.append(Array(digest.utf8) + Self.closing)
        self.init(
            madeAt: madeAt, madeBy: madeBy, contents: contents, size: size, digest: digest)
    }

    /// Finds the manifest in the last bytes of a file of some length, if there is one.
    package init?(tail: [UInt8], of length: Int64) {
        // The line is JSON without a line break in it, and the byte before it is one.
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

    /// The manifest up to its digest, which is of this too.
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
    /// What the backup is, in words.
    package var description: String {
        """
        backup of \(madeAt.escaped) by gatehouse \(madeBy.escaped): accounts \(contents.accounts), \
        sessions \(contents.sessions), people \(contents.people)
        """
    }
}
