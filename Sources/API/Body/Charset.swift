/// A character encoding of a request body.
enum Charset: Equatable {
    case utf8
    case latin1
    case utf16(ByteOrder?)
    case utf32(ByteOrder?)

    enum ByteOrder { case big, little }

    /// Finds the charset of a JSON body by its name in lower case; `nil` if it is not a Unicode
    /// charset.
    ///
    /// As in iconv-lite, which Express used, only letters and digits count after `utf-`, and a year
    /// such as `:2000` may follow the name. UTF-7, which iconv-lite also knows, is not supported.
    /// Its text looks like ASCII but is not, and its only use has been to get past filters.
    init?(unicode name: String) {
        guard name.hasPrefix("utf-") else { return nil }
        let parts = name.split(separator: ":", omittingEmptySubsequences: false)
        let isYear = parts.count > 1 && parts.last.map(Self.isYear) == true
        let key = (isYear ? parts.dropLast() : parts[...]).joined().utf8.filter {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
        }
        switch String(decoding: key, as: UTF8.self) {
        case "utf8": self = .utf8
        case "utf16": self = .utf16(nil)
        case "utf16le": self = .utf16(.little)
        case "utf16be": self = .utf16(.big)
        case "utf32": self = .utf32(nil)
        case "utf32le": self = .utf32(.little)
        case "utf32be": self = .utf32(.big)
        default: return nil
        }
    }

    /// Finds the charset of a form by its name in lower case; `nil` if it is not supported.
    init?(form name: String) {
        switch name {
        case "utf-8": self = .utf8
        case "iso-8859-1": self = .latin1
        default: return nil
        }
    }

    private static func isYear(_ part: Substring) -> Bool {
        part.utf8.count == 4
            && part.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    /// Converts text in this charset to UTF-8 and removes a byte order mark.
    ///
    /// In UTF-16 and UTF-32, invalid sequences become U+FFFD, and an incomplete code unit at the
    /// end is dropped. Text that is already in UTF-8 may keep invalid sequences, because the
    /// readers of JSON and of forms replace them.
    func utf8(_ bytes: [UInt8]) -> [UInt8] {
        switch self {
        case .utf8:
            return bytes.starts(with: Self.mark) ? Array(bytes.dropFirst(Self.mark.count)) : bytes
        case .latin1:
            return Array(String(decoding: bytes.map(UInt16.init), as: UTF16.self).utf8)
        case .utf16(let order):
            let units = Self.units(bytes, order ?? Self.order(bytes), as: UInt16.self)
            return Self.utf8.utf8(Array(String(decoding: units, as: UTF16.self).utf8))
        case .utf32(let order):
            let units = Self.units(bytes, order ?? Self.order(bytes), as: UInt32.self)
            var text = String.UnicodeScalarView()
            text.append(contentsOf: units.map { Unicode.Scalar($0) ?? "\u{FFFD}" })
            return Self.utf8.utf8(Array(String(text).utf8))
        }
    }

    private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// The byte order of JSON text, from its byte order mark or else from its first byte.
    ///
    /// JSON begins with an ASCII character, so the first byte of big-endian text is zero.
    private static func order(_ bytes: [UInt8]) -> ByteOrder {
        bytes.first == 0 || bytes.starts(with: [0xFE, 0xFF]) ? .big : .little
    }

    private static func units<Unit: FixedWidthInteger>(
        _ bytes: [UInt8], _ order: ByteOrder, as: Unit.Type
    ) -> [Unit] {
        let size = MemoryLayout<Unit>.size
        return (0..<(bytes.count / size)).map { place in
            let unit = bytes[(place * size)..<((place + 1) * size)]
            let fromBig = order == .big ? Array(unit) : Array(unit.reversed())
            return fromBig.reduce(0) { $0 << 8 | Unit($1) }
        }
    }
}
