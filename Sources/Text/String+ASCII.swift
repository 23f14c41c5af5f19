extension String {
    /// The string with A to Z in lower case and everything else unchanged.
    ///
    /// The HTTP contract (the recorded API of the Express backend) compares e-mail addresses in
    /// this way, and SQLite's `lower` converts names in the same way. Other letters are not
    /// converted, because the results are stored, and Unicode's tables change between versions.
    package var asciiLowercased: String {
        String(decoding: utf8.map(\.asciiLowercased), as: UTF8.self)
    }

    /// The first string that sorts after every string with this prefix; `nil` if none exists.
    ///
    /// All strings are in lower case, so the result contains no A to Z. UTF-8 sorts in the order of
    /// the Unicode scalars that it encodes, so the last scalar is replaced by the next one.
    package var successorOfPrefix: String? {
        var scalars = unicodeScalars
        while let last = scalars.popLast() {
            let next: UInt32 =
                switch last {
                // Skip A to Z, which a lower-case string does not contain. A store that ignores
                // case would read `A` as `a`, so the range would also contain strings that begin
                // with `_`, for example.
                case "@": 0x5B
                // Skip the surrogates, which are not Unicode scalars.
                case "\u{D7FF}": 0xE000
                default: last.value + 1
                }
            guard let next = Unicode.Scalar(next) else { continue }
            scalars.append(next)
            return String(scalars)
        }
        return nil
    }
}

extension UInt8 {
    /// The byte, converted to lower case if it is an ASCII letter from A to Z.
    package var asciiLowercased: UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self
    }
}
