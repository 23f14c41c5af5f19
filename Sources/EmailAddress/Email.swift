@_spi(_Unicode) import Swift

// `_nfc` converts a string to Unicode normalization form C. The standard library compares strings
// by this form but has no public name for it yet. FoundationEssentials uses `_nfc` in the same way.

/// An e-mail address that follows the syntax of RFC 5321.
///
/// The local part must be a dot-string, not a quoted string. It may contain non-ASCII characters,
/// as in RFC 6531. The domain must have two or more labels. An address literal such as
/// `[127.0.0.1]` is refused.
package struct Email: Sendable {
    /// The address as it was typed.
    package let text: String
    /// The part before the at sign, in Unicode normalization form C.
    package let localPart: String
    /// The part after the at sign, as it is looked up in DNS.
    package let domain: DomainName

    // RFC 5321, section 4.5.3.1.3, limits a path to 256 octets, including its two angle brackets.
    // The length is counted in UTF-16 units, because the Express backend did so and the HTTP
    // contract (the recorded API of that backend) keeps its responses.
    private static let maximumLength = 254

    /// Parses an e-mail address; returns `nil` if the string is not an e-mail address.
    package init?(_ text: String) {
        // Refuse very long strings before they are normalized. The limit is four times the maximum
        // length, because normalization can shorten a string to a quarter of its UTF-16 units, but
        // not further. The time that normalization takes is quadratic in the length of a run of
        // combining marks: 40 ms for the longest run that fits in a request body.
        guard text.utf16.count <= 4 * Self.maximumLength else { return nil }
        let scalars = Array(text._nfc)
        let parts = scalars.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2,
            scalars.reduce(0, { $0 + UTF16.width($1) }) <= Self.maximumLength,
            Self.isLocalPart(parts[0]), let domain = DomainName(String(parts[1]))
        else { return nil }
        self.text = text
        self.localPart = String(parts[0])
        self.domain = domain
    }

    /// A string that is the same for all spellings of one address.
    ///
    /// Spellings can differ in the case of A to Z, in Unicode normalization, and in the form of the
    /// domain. For example, `a@Bücher.com` and `A@xn--bcher-kva.com` have the same key. The case of
    /// other letters in the local part is kept, because Unicode's tables change between versions,
    /// and a stored key must not change.
    package var key: String {
        "\(Self.lowercased(localPart))@\(domain.text)"
    }

    /// Returns the key of an address, or of any other string.
    ///
    /// A string that is no address is its own key, with A to Z in lower case.
    package static func key(of text: String) -> String {
        // An ASCII address is not parsed, because its key is the address in lower case: UTS #46
        // maps an ASCII label, even one that begins with `xn--`, to itself in lower case.
        let isASCII = text.utf8.allSatisfy { $0 < 0x80 }
        if !isASCII, let email = Email(text) { return email.key }
        return lowercased(text)
    }

    /// Whether the local part contains a blank, or a character that cannot be seen.
    ///
    /// Two addresses that differ only by such a character look the same in every list.
    package var hasInvisibleCharacter: Bool {
        localPart.unicodeScalars.contains { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .spaceSeparator, .lineSeparator, .paragraphSeparator: true
            default: scalar.properties.isDefaultIgnorableCodePoint
            }
        }
    }

    private static func lowercased(_ text: String) -> String {
        let bytes = text.utf8.map { byte in
            (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isLocalPart(_ scalars: ArraySlice<Unicode.Scalar>) -> Bool {
        // RFC 5321, section 4.5.3.1.1, limits the local part to 64 octets.
        guard scalars.reduce(0, { $0 + UTF8.width($1) }) <= 64 else { return false }
        return scalars.split(separator: ".", omittingEmptySubsequences: false).allSatisfy {
            !$0.isEmpty && $0.allSatisfy(isAtomText)
        }
    }

    /// Returns whether a character is `atext` (RFC 5322, section 3.2.3) or `UTF8-non-ascii` (RFC
    /// 6531).
    private static func isAtomText(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9": true
        case "!", "#", "$", "%", "&", "'", "*", "+", "-", "/", "=", "?", "^", "_", "`", "{", "|",
            "}", "~":
            true
        default: !scalar.isASCII
        }
    }
}

extension String {
    fileprivate init(_ scalars: ArraySlice<Unicode.Scalar>) {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        self.init(view)
    }
}
