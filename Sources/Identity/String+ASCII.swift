extension String {
    /// The text with A to Z in lower case, and all else as it is.
    ///
    /// That is how the contract matches e-mail addresses, and what SQLite's `lower` makes of a
    /// name. Other letters are not folded: the store keeps what was folded, and Unicode's tables
    /// change with the runtime.
    var asciiLowercased: String {
        String(decoding: utf8.map(\.asciiLowercased), as: UTF8.self)
    }
}

extension UInt8 {
    /// The byte, in lower case if it is one of A to Z.
    var asciiLowercased: UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self
    }
}
