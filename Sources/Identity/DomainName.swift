@_spi(_Unicode) import Swift

// `_nfc`, the standard library's normalisation form C, is what string comparison is built on; it
// has no public spelling yet, and FoundationEssentials reaches it in this same way.

/// The rule for the domain of an e-mail address.
///
/// The domain is read as a browser reads the host of a URL (WHATWG URL, 3.3 "domain to ASCII" with
/// beStrict false, thus UTS #46, non-transitional, with CheckBidi and CheckJoiners but neither
/// CheckHyphens nor UseSTD3ASCIIRules), and its labels must then be host names by RFC 1035, 2.3.1.
enum DomainName {
    /// Whether the text, in normalisation form C, is a domain of two labels or more under one of
    /// the top-level domains.
    ///
    /// An A-label (`xn--…`) is not decoded: the contract accepts one that stands for nothing.
    static func isValid(
        _ text: some Collection<Unicode.Scalar>, _ topLevelDomains: Set<String>?
    ) -> Bool {
        guard let mapped = mapped(text) else { return false }
        let labels = mapped.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count >= 2, labels.allSatisfy(isLabel), let last = labels.last else {
            return false
        }
        if last.allSatisfy(\.isASCII) {
            guard let first = last.first, "a"..."z" ~= first else { return false }
        }
        guard let topLevelDomains else { return true }
        var topLevel = String.UnicodeScalarView()
        topLevel.append(contentsOf: last)
        return topLevelDomains.contains(String(topLevel))
    }

    /// The text after the mapping step of UTS #46, or nil when it holds a character that no domain
    /// name may.
    private static func mapped(_ text: some Collection<Unicode.Scalar>) -> [Unicode.Scalar]? {
        var mapped = String.UnicodeScalarView()
        for scalar in text {
            guard let replacement = Mapping.replacement(for: scalar) else { return nil }
            mapped.append(contentsOf: replacement)
        }
        return Array(String(mapped)._nfc)
    }

    private static func isLabel(_ label: ArraySlice<Unicode.Scalar>) -> Bool {
        guard let first = label.first, let last = label.last else { return false }
        // The mapping leaves letters, digits and hyphens, the first in lower case, and non-ASCII.
        guard !label.allSatisfy(\.isASCII) else {
            return label.count <= 63 && first != "-" && last != "-"
        }
        return !label.starts(with: ["x", "n", "-", "-"])
            && !first.isMark
            && (joinersFit(in: label) ?? directionsFit(in: label))
            && "xn--".count + Punycode.encodedLength(of: label) <= 63
    }
}

extension Unicode.Scalar {
    /// Whether the character combines with the one before it.
    var isMark: Bool {
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
    }
}
