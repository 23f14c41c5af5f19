import Identity
import Settings

/// Reads comma-separated values (RFC 4180), a record at a time.
///
/// Semicolons and tabs serve as well: whichever comes first outside of quotes separates the fields
/// of all records. Lines may end with LF alone, and empty ones between records are skipped. A quote
/// inside of a field that did not begin with one is a character, as SQL Server's tools write it.
struct CSVReader {
    /// A field; its bytes are in the reader until the next record is read.
    struct Field: Equatable {
        let bytes: Range<Int>
        let isQuoted: Bool
    }

    /// The fields of the record that was read last.
    private(set) var fields: [Field] = []
    private var bytes: [UInt8] = []
    private var text: ExportText
    private var separator: UInt8?

    /// Begins with the first record of a text.
    init(_ text: ExportText) { self.text = text }

    /// Reads the next record.
    ///
    /// - Returns: The line on which it begins; `nil` at the end.
    /// - Throws: `Unreadable`, after which the next record can be read unless it is final; or what
    ///   reading the file throws.
    mutating func next() throws -> Int? {
        var line = text.line
        repeat {
            line = text.line
            guard try text.peek() != nil else { return nil }
            try readRecord(from: line)
        } while fields.count == 1 && fields[0] == Field(bytes: 0..<0, isQuoted: false)
        return line
    }

    /// A field's text.
    ///
    /// - Returns: `nil` where it is not UTF-8, or has a NUL.
    func string(_ field: Field) -> String? {
        let bytes = bytes[field.bytes]
        guard !bytes.contains(0) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    /// Whether a field is empty, or stands for NULL as SQL Server's tools write it.
    func isNull(_ field: Field) -> Bool {
        !field.isQuoted && (field.bytes.isEmpty || bytes[field.bytes].elementsEqual("NULL".utf8))
    }

    /// Whether the record is the line that sqlcmd(1) draws below the names of the columns.
    var isRule: Bool {
        fields.allSatisfy { field in
            !field.bytes.isEmpty && bytes[field.bytes].allSatisfy { $0 == UInt8(ascii: "-") }
        }
    }

    private mutating func readRecord(from line: Int) throws {
        fields.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
        repeat {
            if try text.peek() == .quote {
                try readQuoted(from: line)
            } else {
                try readPlain(from: line)
            }
        } while try isMore(line)
    }

    /// Takes what is behind a field: a separator, and then there is more, or the line's end.
    private mutating func isMore(_ line: Int) throws -> Bool {
        guard let byte = try text.next() else { return false }
        switch byte {
        case .lineFeed: return false
        case .carriageReturn where try text.peek() == .lineFeed || text.peek() == nil:
            _ = try text.next()
            return false
        default:
            if isSeparator(byte) {
                separator = byte
                guard fields.count < mostFields else {
                    throw unreadable(line, "has more than \(mostFields) fields", isFinal: true)
                }
                return true
            }
            try skipLine()
            throw unreadable(line, "text stands behind a closing quote")
        }
    }

    private mutating func readPlain(from line: Int) throws {
        let start = bytes.count
        while let byte = try text.peek(), !isSeparator(byte), byte != .lineFeed {
            _ = try text.next()
            try append(byte, line)
        }
        var end = bytes.count
        // A carriage return belongs to the line's end, and to the text anywhere else.
        let next = try text.peek()
        if end > start, bytes[end - 1] == .carriageReturn, next == .lineFeed || next == nil {
            end -= 1
        }
        fields.append(Field(bytes: start..<end, isQuoted: false))
    }

    private mutating func readQuoted(from line: Int) throws {
        let start = bytes.count
        _ = try text.next()
        while let byte = try text.next() {
            if byte != .quote {
                try append(byte, line)
            } else if try text.peek() == .quote {
                _ = try text.next()
                try append(.quote, line)
            } else {
                fields.append(Field(bytes: start..<bytes.count, isQuoted: true))
                return
            }
        }
        throw unreadable(line, "a quote is not closed before the end of the file", isFinal: true)
    }

    private mutating func append(_ byte: UInt8, _ line: Int) throws {
        guard bytes.count < longestRecord else {
            throw unreadable(
                line, "is longer than \(longestRecord) bytes; is a quote not closed?",
                isFinal: true)
        }
        bytes.append(byte)
    }

    private mutating func skipLine() throws {
        while let byte = try text.next(), byte != .lineFeed {}
    }

    private var mostFields: Int { 1024 }

    private func isSeparator(_ byte: UInt8) -> Bool {
        if let separator { return byte == separator }
        return [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")].contains(byte)
    }

    private func unreadable(_ line: Int, _ reason: String, isFinal: Bool = false) -> Unreadable {
        Unreadable(place: ImportPlace(line: line), reason: reason, isFinal: isFinal)
    }
}

extension UInt8 {
    fileprivate static let quote = UInt8(ascii: "\"")
    fileprivate static let lineFeed = UInt8(ascii: "\n")
    fileprivate static let carriageReturn = UInt8(ascii: "\r")
}
