extension String {
    /// The text with A to Z in lower case and everything else unchanged.
    ///
    /// The contract compares e-mail addresses in this way, and SQLite's `lower` does the same to a
    /// name. Other letters are not folded: folded text is stored, and Unicode's tables change with
    /// the runtime.
    package var asciiLowercased: String {
        String(decoding: utf8.map(\.asciiLowercased), as: UTF8.self)
    }

    /// The first text that sorts after every text with this prefix, with A to Z in lower case;
    /// `nil` if there is no such text.
    ///
    /// UTF-8 sorts like the scalars it encodes, so the last scalar is replaced by the next one.
    package var successorOfPrefix: String? {
        var scalars = unicodeScalars
        while let last = scalars.popLast() {
            let next: UInt32 =
                switch last {
                // A text in lower case has no A to Z, and a store that ignores case would read `A`
                // as `a`, which sorts after `_`.
                case "@": 0x5B
                // Surrogates are not scalars.
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
    /// The byte, in lower case if it is one of A to Z.
    package var asciiLowercased: UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self
    }
}
