import Identity
import Text

/// Reads comma-separated values (RFC 4180), one record at a time.
///
/// The separator is a comma, a semicolon or a tab. The first of these characters outside quotes is
/// the separator of the whole file. Lines may end with LF alone, and empty lines are skipped. If a
/// field does not start with a quote, a quote within it is an ordinary character, as in the output
/// of SQL Server's tools.
struct CSVReader {
    /// A field of the current record; it is valid until the next record is read.
    struct Field: Equatable {
        let bytes: Range<Int>
        let isQuoted: Bool
    }

    /// The fields of the current record.
    private(set) var fields: [Field] = []
    /// Whether the columns have a fixed width, so that blanks around an unquoted field are padding.
    ///
    /// sqlcmd(1) and similar tools pad their columns. They also print a line of dashes below the
    /// column names, by which `CSVRecords` recognizes padded columns.
    var isPadded = false
    private var bytes: [UInt8] = []
    private var text: ExportText
    private var separator: UInt8?
    private var hasBegun = false

    /// Creates a reader positioned at the start of a text.
    init(_ text: ExportText) { self.text = text }

    /// Reads the next record.
    ///
    /// - Returns: The number of the line on which the record starts; `nil` at the end of the file.
    /// - Throws: `UnreadableRecord`, or an error thrown while reading the file. After an
    ///   `UnreadableRecord` that is not final, the next record can still be read.
    mutating func next() throws -> Int? {
        var line = text.line
        repeat {
            line = text.line
            guard try text.peek() != nil else { return nil }
            try readRecord(from: line)
        } while try isEmptyLine || isPreamble(line)
        hasBegun = true
        return line
    }

    /// Decodes a field; returns `nil` if the field is not valid UTF-8 or contains a NUL.
    func string(_ field: Field) -> String? {
        let content = content(of: field)
        guard !content.contains(0) else { return nil }
        return String(validating: content, as: UTF8.self)
    }

    /// Whether a field is NULL, which SQL Server's tools write as an empty field or as `NULL`,
    /// without quotes.
    func isNull(_ field: Field) -> Bool {
        guard !field.isQuoted else { return false }
        let content = content(of: field)
        return content.isEmpty || content.elementsEqual("NULL".utf8)
    }

    /// Whether a field was left empty: it is unquoted and contains nothing but blanks.
    func isBlank(_ field: Field) -> Bool {
        !field.isQuoted && bytes[field.bytes].allSatisfy { $0 == .space }
    }

    /// Whether the record is the line of dashes that sqlcmd(1) prints below the column names.
    var isRule: Bool {
        fields.allSatisfy { field in
            let content = trimmed(field)
            return !content.isEmpty && content.allSatisfy { $0 == UInt8(ascii: "-") }
        }
    }

    /// Whether the record is a line such as `(2 rows affected)`, which sqlcmd(1) prints at the end.
    var isRowCount: Bool {
        guard fields.count == 1, !fields[0].isQuoted else { return false }
        return trimmed(fields[0]).isRowCount
    }

    private func content(of field: Field) -> ArraySlice<UInt8> {
        isPadded && !field.isQuoted ? trimmed(field) : bytes[field.bytes]
    }

    private func trimmed(_ field: Field) -> ArraySlice<UInt8> {
        var content = bytes[field.bytes]
        while content.first == .space { content.removeFirst() }
        while content.last == .space { content.removeLast() }
        return content
    }

    private var isEmptyLine: Bool {
        fields.count == 1 && fields[0] == Field(bytes: 0..<0, isQuoted: false)
    }

    /// Whether the record is a line that a program writes above the column names.
    ///
    /// `sep=;` states the separator for Excel. `#TYPE …` states the type of the rows, and
    /// PowerShell's `Export-Csv` writes it if it is run without `-NoTypeInformation`.
    private mutating func isPreamble(_ line: Int) throws -> Bool {
        guard !hasBegun, let first = fields.first else { return false }
        let start = bytes[first.bytes]
        if !first.isQuoted, start.starts(with: "#TYPE ".utf8) {
            // A comma in the type must not become the separator of the file.
            separator = nil
            return true
        }
        // If the line has no quotes, `readRecord` has split it at the separator that it states.
        let isSplit = fields.count == 2 && !first.isQuoted && fields[1].bytes.isEmpty
        guard fields.count == 1 || isSplit, start.prefix(4).elementsEqualASCII("sep=") else {
            return false
        }
        if isSplit, start.count == 4 { return true }
        guard fields.count == 1, start.count == 5, let stated = start.last,
            Self.separators.contains(stated)
        else {
            throw unreadable(
                line,
                "states a separator that is not supported; export with a comma, semicolon or tab",
                isFinal: true)
        }
        separator = stated
        return true
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

    /// Reads what follows a field; returns true after a separator, false at the end of the record.
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
                guard fields.count < maximumFields else {
                    throw unreadable(line, "has more than \(maximumFields) fields", isFinal: true)
                }
                return true
            }
            try skipLine()
            throw unreadable(line, "text follows a closing quote")
        }
    }

    private mutating func readPlain(from line: Int) throws {
        let start = bytes.count
        while let byte = try text.peek(), !isSeparator(byte), byte != .lineFeed {
            _ = try text.next()
            try append(byte, line)
        }
        var end = bytes.count
        // A carriage return before a line feed or the end of the file ends the line. Elsewhere it
        // is part of the field.
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
        guard bytes.count < ExportText.maximumRecordLength else {
            throw unreadable(
                line,
                "is longer than \(ExportText.maximumRecordLength) bytes; is a quote not closed?",
                isFinal: true)
        }
        bytes.append(byte)
    }

    private mutating func skipLine() throws {
        while let byte = try text.next(), byte != .lineFeed {}
    }

    private var maximumFields: Int { 1024 }

    private func isSeparator(_ byte: UInt8) -> Bool {
        if let separator { return byte == separator }
        return Self.separators.contains(byte)
    }

    private static let separators = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]

    private func unreadable(_ line: Int, _ reason: String, isFinal: Bool = false)
        -> UnreadableRecord
    {
        UnreadableRecord(place: ImportPlace(line: line), reason: reason, isFinal: isFinal)
    }
}

extension UInt8 {
    fileprivate static let quote = UInt8(ascii: "\"")
    fileprivate static let lineFeed = UInt8(ascii: "\n")
    fileprivate static let carriageReturn = UInt8(ascii: "\r")
    fileprivate static let space = UInt8(ascii: " ")
}

extension ArraySlice<UInt8> {
    /// Whether the bytes equal a lower-case ASCII text, ignoring the case of the bytes.
    fileprivate func elementsEqualASCII(_ text: String) -> Bool {
        map(\.asciiLowercased).elementsEqual(text.utf8)
    }
}
