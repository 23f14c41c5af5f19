@_spi(_Unicode) import Swift

/// The contract's rule for e-mail addresses.
///
/// An address is a dot-string of RFC 5321 (no quoted local part, no address literal), widened to
/// non-ASCII characters as RFC 6531 does. The address itself is kept as it was typed; it is
/// normalised here only to be judged.
enum EmailAddress {
    /// Every rule of the contract that the text breaks, in the contract's words and order.
    ///
    /// Empty when the text is an address. Without `topLevelDomains`, which are lower-case and
    /// without a dot, every top-level domain is good. Lengths count UTF-16 units.
    static func violations(in text: String, topLevelDomains: Set<String>?) -> [String] {
        guard !text.isEmpty else { return ["\"email\" is not allowed to be empty"] }
        var violations: [String] = []
        let length = text.utf16.count
        if !isAddress(text, topLevelDomains) {
            violations.append("Please provide a valid email address")
        }
        if length < 5 { violations.append("Email must be at least 5 characters long") }
        if length > 100 { violations.append("Email must not exceed 100 characters") }
        return violations
    }

    // RFC 5321, 4.5.3.1.3: a path is at most 256 octets, its angle brackets included. The Express
    // backend counted UTF-16 units.
    private static let longest = 254

    private static func isAddress(_ text: String, _ topLevelDomains: Set<String>?) -> Bool {
        // Normalisation makes one UTF-16 unit of four at most, and takes time quadratic in a run of
        // combining marks: 40 ms for what a whole request body can hold.
        guard text.utf16.count <= 4 * longest else { return false }
        let scalars = Array(text._nfc)
        let parts = scalars.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return false }
        guard scalars.reduce(0, { $0 + UTF16.width($1) }) <= longest else { return false }
        return isLocalPart(parts[0]) && DomainName.isValid(parts[1], topLevelDomains)
    }

    private static func isLocalPart(_ scalars: ArraySlice<Unicode.Scalar>) -> Bool {
        // RFC 5321, 4.5.3.1.1: at most 64 octets.
        guard scalars.reduce(0, { $0 + UTF8.width($1) }) <= 64 else { return false }
        return scalars.split(separator: ".", omittingEmptySubsequences: false).allSatisfy {
            !$0.isEmpty && $0.allSatisfy(isAtomText)
        }
    }

    /// `atext` of RFC 5322, 3.2.3, and RFC 6531's `UTF8-non-ascii`.
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
