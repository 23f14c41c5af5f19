/// How the page presents the site to its visitors.
package struct SiteSettings: Equatable, Sendable {
    /// The site's name; nil if the page shows the site's address instead.
    package let name: String?
    /// The path of the site's logo, an image on the same site; nil for the page's default logo.
    package let logo: String?
    /// The site's accent colour, `#rrggbb` in lower case; nil for the page's default colour.
    package let color: String?
    /// The help for a forgotten password on the login page; nil for the page's default text.
    package let passwordHelp: PasswordHelp?

    /// Reads the settings; the result is nil if a setting is invalid, and the reader then records
    /// the problem.
    package init?(_ reader: inout SettingsReader) {
        let name = reader.value(.siteName, SiteSettings.name)
        let logo = reader.value(.siteLogo, SiteSettings.path)
        let color = reader.value(.siteColor, SiteSettings.color)
        let help = reader.value(.passwordHelp, PasswordHelp.parse)
        guard let name, let logo, let color, let help else { return nil }
        self.name = name.nonEmpty
        self.logo = logo.nonEmpty
        self.color = color.nonEmpty
        passwordHelp = help
    }

    private static let longestName = 60

    private static func name(_ text: String) throws(InvalidValue) -> String {
        let name = String(text.trimmingBlanks)
        guard name.isOneLine, name.unicodeScalars.count <= longestName else {
            throw InvalidValue(
                """
                \(text.quoted) is not a name; write one line of at most \(longestName) \
                characters, such as "My club"
                """)
        }
        return name
    }

    /// Checks that a path can only lead to the same site.
    ///
    /// Browsers read what follows `//` or `/\` at the beginning of a path as the name of a host.
    private static func path(_ text: String) throws(InvalidValue) -> String {
        let isPath =
            text.utf8.first == UInt8(ascii: "/") && !text.hasPrefix("//")
            && text.utf8.count <= 200 && text.utf8.allSatisfy(isPathByte)
        guard isPath || text.isEmpty else {
            throw InvalidValue(
                """
                \(text.quoted) is not the path of an image on this site; write a path that begins \
                with one /, such as /logo.svg, with other characters percent-encoded
                """)
        }
        return text
    }

    private static func color(_ text: String) throws(InvalidValue) -> String {
        let color = text.lowercased()
        let isColor =
            color.utf8.count == 7 && color.utf8.first == UInt8(ascii: "#")
            && color.utf8.dropFirst().allSatisfy {
                (0x30...0x39).contains($0) || (0x61...0x66).contains($0)
            }
        guard isColor || text.isEmpty else {
            throw InvalidValue(
                """
                \(text.quoted) is not a colour; write # and six hexadecimal digits, such as #17685f
                """)
        }
        return color
    }
}

/// Whether a byte may be part of a URL's path or query (RFC 3986, section 3.3).
func isPathByte(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        || "/-._~!$&'()*+,;=:@%?".utf8.contains(byte)
}

extension String {
    /// Whether the string contains no control character and no line or paragraph separator.
    var isOneLine: Bool {
        unicodeScalars.allSatisfy {
            ![.control, .lineSeparator, .paragraphSeparator].contains($0.properties.generalCategory)
        }
    }

    fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}
