import Identity
import JSON

/// Reads the records of a JSON export, which is an array of objects or a sequence of objects.
///
/// The array may be a member of an enclosing object, as `FOR JSON … ROOT('users')` and some APIs
/// write it. Other members of that object are skipped, but an array or an object that follows the
/// array is an error.
///
/// Line breaks are ignored everywhere, even within strings and numbers, because SQL Server splits
/// its JSON into lines of 2033 characters at arbitrary places.
struct JSONRecords<Column: ExportColumn> {
    fileprivate enum Place { case start, array(isFirst: Bool), sequence, end }

    private var text: ExportText
    private var names: ColumnNames<Column>
    private var place = Place.start
    /// Whether the array is a member of an object.
    private var isRooted = false
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
        let isFirst = number == 0 && place.isSequence
        number += 1
        let here = ImportPlace(line: text.line, record: number)
        guard let bytes = try readObject(here, orRoot: isFirst) else {
            number = 0
            isRooted = true
            place = .array(isFirst: true)
            return try next()
        }
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
                if isRooted { try leaveRoot() }
            case (UInt8(ascii: "("), .end), (UInt8(ascii: "("), .sequence):
                var line: [UInt8] = []
                while let byte = try text.peek(), byte != 0x0A, byte != 0x0D, line.count < 40 {
                    line.append(byte)
                    _ = try text.next()
                }
                guard line.isRowCount else { throw malformed() }
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

    /// Reads the rest of the object that encloses the array, up to the closing brace of that
    /// object.
    private mutating func leaveRoot() throws {
        var (isInString, isEscaped) = (false, false)
        while let byte = try text.next() {
            if isEscaped {
                isEscaped = false
            } else if isInString {
                isEscaped = byte == UInt8(ascii: "\\")
                isInString = byte != UInt8(ascii: "\"")
            } else {
                switch byte {
                case UInt8(ascii: "\""): isInString = true
                case UInt8(ascii: "}"): return
                case UInt8(ascii: "["), UInt8(ascii: "{"):
                    throw unreadable(
                        "there is a second list or an object beside the list; export each table to "
                            + "a file of its own")
                default: break
                }
            }
        }
        throw unreadable("the file ends before the object does: the export was cut off")
    }

    /// Reads the bytes of an object from its opening to its closing brace, without line breaks.
    ///
    /// - Parameters:
    ///   - here: The place of the object.
    ///   - orRoot: Whether the object may enclose the array of records.
    /// - Returns: The bytes; `nil` if the object encloses the array. In that case, the next byte is
    ///   the first one in the array.
    /// - Throws: `UnreadableRecord`, or an error thrown while reading the file.
    private mutating func readObject(_ here: ImportPlace, orRoot: Bool) throws -> [UInt8]? {
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
                case UInt8(ascii: "[") where orRoot && depth == 1: return nil
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
                throw UnreadableRecord(
                    place: here, reason: reason(for: error, of: member.value), isFinal: true)
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

    /// The reason to report for a member with an unknown name.
    ///
    /// The reason suggests ignoring the member, unless its value is an array or an object: that may
    /// contain the records, so ignoring it would not help.
    private func reason(for error: UnknownColumn, of value: JSONValue) -> String {
        switch value {
        case .array, .object:
            """
            has a list or an object inside a record; export the rows alone, such as \
            [{…}, {…}], or as the only list of an object
            """
        default: error.reason
        }
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

extension JSONRecords.Place {
    fileprivate var isSequence: Bool {
        if case .sequence = self { true } else { false }
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
