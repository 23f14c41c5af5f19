/// The help for a forgotten password on the login page.
package struct PasswordHelp: Equatable, Sendable {
    /// The text before the address.
    package let text: String
    /// A `https:` or `mailto:` address, which the page shows as a link; nil without one.
    package let address: String?

    private static let longestText = 300

    /// Reads a line of text, whose last word may be an address; an empty line gives nil.
    package static func parse(_ text: String) throws(InvalidValue) -> PasswordHelp? {
        let line = String(text.trimmingBlanks)
        guard !line.isEmpty else { return nil }
        guard line.isOneLine, line.unicodeScalars.count <= longestText else {
            throw InvalidValue(
                """
                \(text.quoted) is not a sentence; write one line of at most \(longestText) \
                characters
                """)
        }
        let words = line.split(separator: " ")
        let address = words.last.flatMap { isAddress($0) ? String($0) : nil }
        let sentence = address == nil ? words[...] : words.dropLast()
        guard !sentence.isEmpty, !sentence.contains(where: looksLikeAddress) else {
            throw InvalidValue(
                """
                \(text.quoted) is not a sentence with an address as its last word; write the \
                address with https:// or mailto:, without anything behind it, as in "Forgotten \
                your password? Write to mailto:help@example.com"
                """)
        }
        return PasswordHelp(text: sentence.joined(separator: " "), address: address)
    }

    private static func isAddress(_ word: Substring) -> Bool {
        let place: Substring
        if word.hasPrefix("https://") {
            place = word.dropFirst("https://".count)
        } else if word.hasPrefix("mailto:"), word.contains("@") {
            place = word.dropFirst("mailto:".count)
        } else {
            return false
        }
        // A full stop or a bracket behind an address would become a part of the link.
        guard let first = place.utf8.first, let last = place.utf8.last else { return false }
        return !"/@.?#:".utf8.contains(first) && !".,;:!?)'".utf8.contains(last)
            && place.utf8.allSatisfy { isPathByte($0) || $0 == UInt8(ascii: "#") }
    }

    private static func looksLikeAddress(_ word: Substring) -> Bool {
        let word = word.lowercased()
        return word.contains("://") || word.contains("mailto:") || word.contains("javascript:")
    }
}
