import CIDN2

/// The domain of an e-mail address, as it is looked up in DNS.
package struct DomainName: Sendable {
    /// The labels in lower case, joined by dots; a label with non-ASCII characters is an A-label
    /// (`xn--…`, RFC 5890, section 2.3.2.1).
    package let text: String

    /// Reads a domain of two labels or more; `nil` if the text is not one.
    ///
    /// Each label must be a host name by RFC 1035, section 2.3.1, or the A-label of a valid
    /// internationalized name. The last one must begin with a letter, which excludes IPv4
    /// addresses.
    init?(_ text: String) {
        guard let mapped = Self.aLabels(of: text) else { return nil }
        let labels = mapped.utf8.split(
            separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard labels.count >= 2, labels.allSatisfy(Self.isHostName),
            let first = labels.last?.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first)
        else { return nil }
        self.text = mapped
    }

    /// The last label.
    package var topLevelDomain: String {
        text.split(separator: ".").last.map(String.init) ?? ""
    }

    /// The text after the mapping of UTS #46, with A-labels for labels that are not ASCII.
    ///
    /// `NONTRANSITIONAL` keeps characters such as `ß`, as browsers do; otherwise
    /// `a@straße.com` would be the address of someone at `strasse.com`. `USE_STD3_ASCII_RULES` is
    /// not set: libidn2 2.3 then removes forbidden ASCII characters instead of refusing them.
    private static func aLabels(of text: String) -> String? {
        // The library reads up to the first NUL.
        guard !text.utf8.contains(0) else { return nil }
        let flags = Int32(IDN2_NFC_INPUT.rawValue | IDN2_NONTRANSITIONAL.rawValue)
        var mapped: UnsafeMutablePointer<UInt8>?
        let result = text.withCString(encodedAs: UTF8.self) {
            idn2_lookup_u8($0, &mapped, flags)
        }
        defer { idn2_free(mapped) }
        guard result == IDN2_OK.rawValue, let mapped else { return nil }
        return String(cString: mapped)
    }

    /// True for letters, digits and hyphens, with no hyphen first or last, 63 at most.
    private static func isHostName(_ label: Substring.UTF8View) -> Bool {
        guard let first = label.first, let last = label.last, label.count <= 63 else {
            return false
        }
        return first != UInt8(ascii: "-") && last != UInt8(ascii: "-")
            && label.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
