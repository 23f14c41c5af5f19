import CIDN2

/// The domain of an e-mail address, or the name of a host, as it is looked up in DNS.
package struct DomainName: Sendable {
    /// The labels in lower case, joined by dots.
    ///
    /// A label with non-ASCII characters is written as an A-label (`xn--…`, RFC 5890, section
    /// 2.3.2.1).
    package let text: String

    /// Parses a domain name; returns `nil` if the string is not a domain name.
    ///
    /// Each label must be a host name by RFC 1035, section 2.3.1 (it may also begin with a digit;
    /// RFC 1123, section 2.1), or the A-label of a valid internationalized name. The last label
    /// must begin with a letter, which excludes IPv4 addresses.
    ///
    /// - Parameters:
    ///   - text: The name, which may have non-ASCII characters.
    ///   - minimumLabels: The minimum number of labels; an e-mail address needs at least two.
    package init?(_ text: String, minimumLabels: Int = 2) {
        guard let mapped = Self.aLabels(of: text) else { return nil }
        let labels = mapped.utf8.split(
            separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard labels.count >= minimumLabels, labels.allSatisfy(Self.isHostName),
            let first = labels.last?.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first)
        else { return nil }
        self.text = mapped
    }

    /// The last label of the domain, such as `com`.
    package var topLevelDomain: String {
        text.split(separator: ".").last.map(String.init) ?? ""
    }

    /// Returns the domain after the mapping of UTS #46, with A-labels in place of non-ASCII labels.
    ///
    /// The flag `NONTRANSITIONAL` keeps characters such as `ß`, as browsers do. Without it,
    /// `a@straße.com` would be the address of someone at `strasse.com`. The flag
    /// `USE_STD3_ASCII_RULES` is not set, because it makes libidn2 2.3 remove forbidden ASCII
    /// characters instead of refusing them.
    private static func aLabels(of text: String) -> String? {
        // libidn2 reads a string only up to its first NUL byte.
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

    /// Returns whether a label has 1 to 63 lower-case letters, digits and hyphens, with no hyphen
    /// at its beginning or end.
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
