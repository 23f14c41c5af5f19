extension UInt8 {
    /// Whether the byte is an ASCII letter or digit.
    var isLetterOrDigit: Bool {
        (0x30...0x39).contains(self) || (0x41...0x5A).contains(self & ~0x20)
    }
}

extension Sequence<UInt8> {
    /// Whether the bytes are a line such as `(2 rows affected)`, which sqlcmd(1) prints below its
    /// output.
    var isRowCount: Bool {
        let words = String(decoding: Array(self), as: UTF8.self).split(separator: " ")
        guard words.count == 3, let count = words[0].utf8.first else { return false }
        return count == UInt8(ascii: "(") && Int(words[0].dropFirst()) != nil
            && ["row", "rows"].contains(words[1]) && words[2] == "affected)"
    }
}
