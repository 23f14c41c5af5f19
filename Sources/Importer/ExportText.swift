import Settings

/// The text of an export, byte by byte as UTF-8, whether it is written in UTF-8 or in UTF-16.
///
/// A byte order mark decides, and where there is none the zero that UTF-16 has beside each ASCII
/// character. What is no UTF-16 becomes a byte that no UTF-8 has, so that whoever reads the field
/// refuses it.
struct ExportText {
    /// The line of the next byte, counted from 1.
    private(set) var line = 1

    private enum Coding { case utf8, utf16(isBigEndian: Bool) }

    private let read: () throws -> [UInt8]
    private var coding: Coding?
    private var text: [UInt8] = []
    private var position = 0
    /// What is left of UTF-16 before the piece that brings the rest: half a unit, or half a pair.
    private var isolated: [UInt8] = []

    /// Begins a text.
    ///
    /// - Parameter read: Returns the next piece, of whatever length; an empty one at the end.
    init(read: @escaping () throws -> [UInt8]) { self.read = read }

    /// The next byte, which stays where it is.
    mutating func peek() throws -> UInt8? {
        if position == text.count {
            try refill()
            if text.isEmpty { return nil }
        }
        return text[position]
    }

    /// Takes the next byte.
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
            if coding == nil { try begin(with: &piece) }
            switch coding {
            case .utf16(let isBigEndian):
                decode(isolated + piece, isBigEndian: isBigEndian, isAtEnd: isAtEnd)
            default: text = piece
            }
            if isAtEnd { return }
        }
    }

    /// Tells the coding, and takes the mark away.
    private mutating func begin(with piece: inout [UInt8]) throws {
        while piece.count < 3 {
            let more = try read()
            if more.isEmpty { break }
            piece += more
        }
        if piece.starts(with: [0xEF, 0xBB, 0xBF]) {
            coding = .utf8
            piece.removeFirst(3)
        } else if piece.starts(with: [0xFF, 0xFE]) || piece.starts(with: [0xFE, 0xFF]) {
            coding = .utf16(isBigEndian: piece[0] == 0xFE)
            piece.removeFirst(2)
        } else if piece.count >= 2, (piece[0] == 0) != (piece[1] == 0) {
            coding = .utf16(isBigEndian: piece[0] == 0)
        } else {
            coding = .utf8
        }
    }

    private mutating func decode(_ bytes: [UInt8], isBigEndian: Bool, isAtEnd: Bool) {
        func unit(at index: Int) -> UInt16 {
            let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
            return isBigEndian ? first << 8 | second : second << 8 | first
        }
        isolated = []
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
                text.append(Self.noUTF8)
            }
        }
        if isAtEnd, index < bytes.count {
            text.append(Self.noUTF8)
        } else {
            isolated = Array(bytes[index...])
        }
    }

    private static let noUTF8: UInt8 = 0xFF
}

extension Unicode.Scalar {
    /// The scalar's bytes in UTF-8.
    fileprivate var utf8: Unicode.UTF8.EncodedScalar {
        UTF8.encode(self) ?? UTF8.encodedReplacementCharacter
    }
}
