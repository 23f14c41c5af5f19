extension Span<UInt8> {
    /// Whether a word begins at an index of a text in UTF-8, and is not the first word.
    ///
    /// A word begins after an ASCII character that is neither a letter nor a digit, or after a
    /// non-ASCII space, hyphen, dash, apostrophe or middle dot. The SQLite store has the same
    /// definition in its views.
    package func beginsWord(at index: Int) -> Bool {
        guard index > 0, self[index] >= 0x80 || self[index].isASCIIAlphanumeric else {
            return false
        }
        let previous = self[index - 1]
        guard previous >= 0x80 else { return !previous.isASCIIAlphanumeric }
        guard index > 1 else { return false }
        let pair = UInt32(self[index - 2]) << 8 | UInt32(previous)
        if pair == 0xC2A0 || pair == 0xC2B7 { return true }
        guard index > 2 else { return false }
        switch UInt32(self[index - 3]) << 16 | pair {
        case 0xE28090...0xE28095, 0xE28098, 0xE28099, 0xE38080, 0xE383BB: return true
        default: return false
        }
    }
}

extension UInt8 {
    fileprivate var isASCIIAlphanumeric: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }
}
