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

/// The first text after all that begin with a prefix, where A to Z are in lower case; `nil` where
/// there is none.
///
/// UTF-8 has the order of the scalars it is made of, so the last of them is replaced by the next.
func successor(of prefix: String) -> String? {
    var scalars = prefix.unicodeScalars
    while let last = scalars.popLast() {
        let next: UInt32 =
            switch last {
            // A text in lower case has no A to Z, and a store that compares without regard to case
            // would read `A` as `a`, which is after `_`.
            case "@": 0x5B
            // Surrogates are no scalars.
            case "\u{D7FF}": 0xE000
            default: last.value + 1
            }
        guard let next = Unicode.Scalar(next) else { continue }
        scalars.append(next)
        return String(scalars)
    }
    return nil
}
