@_spi(_Unicode) import Swift

// `_nfc` is the standard library's normalization form C. String comparison is built on it, but it
// has no public name yet; FoundationEssentials uses it in the same way.

/// An e-mail address that follows the syntax of RFC 5321.
///
/// The local part is a dot-string (no quoted string), widened to non-ASCII characters as in RFC
/// 6531. The domain has two labels or more; an address literal such as `[127.0.0.1]` is refused.
package struct Email: Sendable {
    /// The address as it was typed.
    package let text: String
    /// The part before the at sign, in normalization form C.
    package let localPart: String
    /// The part after the at sign, as it is looked up in DNS.
    package let domain: DomainName

    // RFC 5321, 4.5.3.1.3: a path is at most 256 octets, its angle brackets included. The Express
    // backend, whose answers the contract keeps, counted UTF-16 units.
    private static let maximumLength = 254

    /// Reads an address; `nil` if the text is not one.
    package init?(_ text: String) {
        // Normalization makes at most one UTF-16 unit of four, and takes time quadratic in a run
        // of combining marks: 40 ms for the longest one that fits in a request body.
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

    /// The same text for two spellings of one address.
    ///
    /// Spellings differ in the case of A to Z, in Unicode normalization, and in the form of the
    /// domain: `a@Bücher.com` and `A@xn--bcher-kva.com` have the same key. The case of other
    /// letters in the local part is kept, because Unicode's tables change between versions and a
    /// stored key must not.
    ///
    /// Nothing uses the key yet: accounts are still compared by the text, without regard to ASCII
    /// case.
    package var key: String {
        let localPart = localPart.utf8.map { byte in
            (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
        }
        return "\(String(decoding: localPart, as: UTF8.self))@\(domain.text)"
    }

    private static func isLocalPart(_ scalars: ArraySlice<Unicode.Scalar>) -> Bool {
        // RFC 5321, 4.5.3.1.1: at most 64 octets.
        guard scalars.reduce(0, { $0 + UTF8.width($1) }) <= 64 else { return false }
        return scalars.split(separator: ".", omittingEmptySubsequences: false).allSatisfy {
            !$0.isEmpty && $0.allSatisfy(isAtomText)
        }
    }

    /// True for `atext` of RFC 5322, section 3.2.3, and `UTF8-non-ascii` of RFC 6531.
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
