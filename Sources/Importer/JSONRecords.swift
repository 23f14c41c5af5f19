import Identity
import JSON

/// Reads the records of a JSON export, which is an array of objects or a sequence of objects.
///
/// Line breaks are ignored everywhere, even within strings and numbers, because SQL Server splits
/// its JSON into lines of 2033 characters at arbitrary places.
struct JSONRecords<Column: ExportColumn> {
    private enum Place { case start, array(isFirst: Bool), sequence, end }

    private var text: ExportText
    private var names: ColumnNames<Column>
    private var place = Place.start
    private var number = 0

    /// Creates a reader positioned at the start of a text.
    init(_ text: ExportText, _ names: ColumnNames<Column>) {
        self.text = text
        self.names = names
    }

    /// Reads the next record; returns `nil` at the end of the file.
    ///
    /// - Throws: `UnreadableRecord`, or an error thrown while reading the file. After an
    ///   `UnreadableRecord` that is not final, the next record can still be read.
    mutating func next() throws -> ExportRecord<Column>? {
        guard try advance() else { return nil }
        number += 1
        let here = ImportPlace(line: text.line, record: number)
        let bytes = try readObject(here)
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw UnreadableRecord(
                place: here, reason: "is not valid text; export as UTF-8 or UTF-16")
        }
        do {
            return try record(JSONObject(bytes.span), at: here)
        } catch is JSONError {
            throw UnreadableRecord(place: here, reason: "is not well-formed JSON")
        }
    }

    /// Moves to the opening brace of the next object; returns false at the end of the file.
    private mutating func advance() throws -> Bool {
        while let byte = try text.peek() {
            switch (byte, place) {
            case (0x20, _), (0x09, _), (0x0A, _), (0x0D, _):
                _ = try text.next()
            case (UInt8(ascii: "J"), .start), (UInt8(ascii: "-"), .start):
                // Skip a header line. SQL Server prints a column name that starts with JSON_, and a
                // line of dashes below the name.
                while let byte = try text.next(), byte != 0x0A {}
            case (UInt8(ascii: "["), .start):
                place = .array(isFirst: true)
                _ = try text.next()
            case (UInt8(ascii: ","), .array(isFirst: false)):
                place = .array(isFirst: true)
                _ = try text.next()
                try skipBlanks()
                guard try text.peek() == UInt8(ascii: "{") else { throw malformed() }
            case (UInt8(ascii: "]"), .array):
                place = .end
                _ = try text.next()
            case (UInt8(ascii: "{"), .start), (UInt8(ascii: "{"), .sequence):
                place = .sequence
                return true
            case (UInt8(ascii: "{"), .array(isFirst: true)):
                place = .array(isFirst: false)
                return true
            default:
                throw malformed()
            }
        }
        switch place {
        case .sequence, .end: return false
        case .start: throw unreadable("the file is empty")
        case .array: throw unreadable("the file ends before the array does: the export was cut off")
        }
    }

    /// Reads the bytes of an object from its opening to its closing brace, without line breaks.
    private mutating func readObject(_ here: ImportPlace) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var depth = 0
        var (isInString, isEscaped) = (false, false)
        while let byte = try text.next() {
            if byte == 0x0A || byte == 0x0D { continue }
            bytes.append(byte)
            guard bytes.count <= ExportText.maximumRecordLength else {
                throw UnreadableRecord(
                    place: here,
                    reason:
                        "is longer than \(ExportText.maximumRecordLength) bytes; is a quote or brace not closed?",
                    isFinal: true)
            }
            if isEscaped {
                isEscaped = false
            } else if isInString {
                isEscaped = byte == UInt8(ascii: "\\")
                isInString = byte != UInt8(ascii: "\"")
            } else {
                switch byte {
                case UInt8(ascii: "\""): isInString = true
                case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
                case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
                default: break
                }
                if depth == 0 { return bytes }
            }
        }
        throw UnreadableRecord(
            place: here, reason: "the file ends within this record: the export was cut off",
            isFinal: true)
    }

    private mutating func record(
        _ object: JSONObject, at here: ImportPlace
    ) throws -> ExportRecord<Column> {
        var record = ExportRecord<Column>(place: here)
        var seen: Set<Column> = []
        for member in object.members {
            let match: Column?
            do {
                match = try names.column(of: member.name)
            } catch {
                throw UnreadableRecord(place: here, reason: error.reason, isFinal: true)
            }
            guard let column = match else { continue }
            guard seen.insert(column).inserted else {
                throw UnreadableRecord(place: here, reason: "has \(column.name) twice")
            }
            guard member.value != .null else { continue }
            guard let text = member.value.text else {
                throw UnreadableRecord(
                    place: here,
                    reason: "\(column.name): must be a string, a whole number, true, false or null")
            }
            record.values[column] = text
        }
        return record
    }

    private mutating func skipBlanks() throws {
        while let byte = try text.peek(), [0x20, 0x09, 0x0A, 0x0D].contains(byte) {
            _ = try text.next()
        }
    }

    private func malformed() -> UnreadableRecord {
        unreadable("expected an object, or the end of the file")
    }

    private func unreadable(_ reason: String) -> UnreadableRecord {
        UnreadableRecord(
            place: ImportPlace(line: text.line, record: number + 1), reason: reason, isFinal: true)
    }
}

extension JSONValue {
    /// The string that a CSV file would contain for this value; `nil` if there is no such string.
    fileprivate var text: String? {
        switch self {
        case .string(let string): string.utf8.contains(0) ? nil : string
        case .number(let number): number.integer.map { "\($0)" }
        case .bool(let bool): "\(bool)"
        case .null, .array, .object: nil
        }
    }
}
