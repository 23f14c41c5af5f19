/// Reads the text of an export as UTF-8, byte by byte; the file may be in UTF-8 or UTF-16.
///
/// A byte order mark selects the encoding. Without a mark, the file is UTF-16 if exactly one of its
/// first two bytes is zero, because every ASCII character has one zero byte in UTF-16. Invalid
/// UTF-16 is replaced by a byte that is invalid in UTF-8, so that the reader of the field rejects
/// the field.
struct ExportText {
    /// The maximum record length in bytes; a longer record probably has an unclosed quote or brace.
    static let maximumRecordLength = 65_536

    /// The number of the line that contains the next byte, counted from 1.
    private(set) var line = 1

    private enum Encoding { case utf8, utf16(isBigEndian: Bool) }

    private let read: () throws -> [UInt8]
    private var encoding: Encoding?
    private var text: [UInt8] = []
    private var position = 0
    /// An incomplete code unit or surrogate pair at the end of the last piece of UTF-16.
    private var incomplete: [UInt8] = []

    /// Creates a text that is read in pieces.
    ///
    /// - Parameter read: Returns the next piece of the file, of any length, or an empty piece at
    ///   the end of the file.
    init(read: @escaping () throws -> [UInt8]) { self.read = read }

    /// Returns the next byte without consuming it; `nil` at the end of the text.
    mutating func peek() throws -> UInt8? {
        if position == text.count {
            try refill()
            if text.isEmpty { return nil }
        }
        return text[position]
    }

    /// Consumes and returns the next byte; `nil` at the end of the text.
    mutating func next() throws -> UInt8? {
        guard let byte = try peek() else { return nil }
        position += 1
        if byte == UInt8(ascii: "\n") { line += 1 }
        return byte
    }

    private mutating func refill() throws {
        text = []
        position = 0
        while text.isEmpty {
            var piece = try read()
            let isAtEnd = piece.isEmpty
            if encoding == nil { try begin(with: &piece) }
            switch encoding {
            case .utf16(let isBigEndian):
                decode(incomplete + piece, isBigEndian: isBigEndian, isAtEnd: isAtEnd)
            default: text = piece
            }
            if isAtEnd { return }
        }
    }

    /// Detects the encoding and removes the byte order mark.
    private mutating func begin(with piece: inout [UInt8]) throws {
        while piece.count < 3 {
            let more = try read()
            if more.isEmpty { break }
            piece += more
        }
        if piece.starts(with: [0xEF, 0xBB, 0xBF]) {
            encoding = .utf8
            piece.removeFirst(3)
        } else if piece.starts(with: [0xFF, 0xFE]) || piece.starts(with: [0xFE, 0xFF]) {
            encoding = .utf16(isBigEndian: piece[0] == 0xFE)
            piece.removeFirst(2)
        } else if piece.count >= 2, (piece[0] == 0) != (piece[1] == 0) {
            encoding = .utf16(isBigEndian: piece[0] == 0)
        } else {
            encoding = .utf8
        }
    }

    private mutating func decode(_ bytes: [UInt8], isBigEndian: Bool, isAtEnd: Bool) {
        func unit(at index: Int) -> UInt16 {
            let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
            return isBigEndian ? first << 8 | second : second << 8 | first
        }
        incomplete = []
        text.reserveCapacity(bytes.count)
        var index = 0
        while index + 1 < bytes.count {
            let lead = unit(at: index)
            if UTF16.isLeadSurrogate(lead) {
                guard index + 3 < bytes.count else { break }
                let trail = unit(at: index + 2)
                if UTF16.isTrailSurrogate(trail) {
                    text += UTF16.decode(UTF16.EncodedScalar([lead, trail])).utf8
                    index += 4
                    continue
                }
            }
            index += 2
            if lead < 0x80 {
                text.append(UInt8(lead))
            } else if let scalar = Unicode.Scalar(lead) {
                text += scalar.utf8
            } else {
                text.append(Self.invalidUTF8)
            }
        }
        if isAtEnd, index < bytes.count {
            text.append(Self.invalidUTF8)
        } else {
            incomplete = Array(bytes[index...])
        }
    }

    private static let invalidUTF8: UInt8 = 0xFF
}

extension Unicode.Scalar {
    /// The scalar's bytes in UTF-8.
    fileprivate var utf8: Unicode.UTF8.EncodedScalar {
        UTF8.encode(self) ?? UTF8.encodedReplacementCharacter
    }
}
