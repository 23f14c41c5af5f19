/// The secret key that signs tokens.
///
/// Printing a `Secret` or reflecting on it shows only its length.
package struct Secret: Equatable, Sendable, CustomStringConvertible, CustomReflectable {
    /// The minimum length in bytes.
    ///
    /// RFC 7518, section 3.2, requires a key of at least 256 bits for HS256.
    package static let leastLength = 32

    package let bytes: [UInt8]

    package init(_ bytes: [UInt8]) throws(InvalidValue) {
        let fix = "32 or more are required; `openssl rand -base64 48` generates a good one"
        guard !bytes.isEmpty else { throw InvalidValue("is empty; \(fix)") }
        guard bytes.count >= Secret.leastLength else {
            throw InvalidValue("has \(bytes.count) bytes; \(fix)")
        }
        self.bytes = bytes
    }

    package var description: String { "(set, \(bytes.count) bytes)" }
    package var customMirror: Mirror { Mirror(self, children: []) }

    /// Why anyone can guess this secret; nil if no reason is found.
    ///
    /// The strength of a secret depends on how it was generated, which its bytes do not show. This
    /// property finds only what cannot be random: published examples, blanks and repetitions
    /// (RFC 8725, section 3.5).
    package var weakness: String? {
        var text = bytes[...].trimmingBlanks
        if text.count < Secret.leastLength {
            return "has fewer than \(Secret.leastLength) bytes besides the blanks around them"
        }
        let period = text.period
        if period * 2 <= text.count { text = text.prefix(period) }
        if Self.examples.contains(where: { text.elementsEqual($0.utf8) }) {
            return "is an example that public documentation contains"
        }
        if text.count < Secret.leastLength { return "repeats a few bytes" }
        return Set(text).count < 8 ? "has fewer than 8 different bytes" : nil
    }

    /// Published secrets of 32 bytes or more: from the documentation of the Express backend that
    /// Gatehouse replaces, and from jwt.io.
    private static let examples = [
        "your-very-secure-secret-key-here", "a-string-secret-at-least-256-bits-long",
    ]
}

extension ArraySlice<UInt8> {
    fileprivate var trimmingBlanks: ArraySlice<UInt8> {
        let blanks = " \t\r\n".utf8
        guard let first = firstIndex(where: { !blanks.contains($0) }),
            let last = lastIndex(where: { !blanks.contains($0) })
        else { return [] }
        return self[first...last]
    }

    /// The length of the shortest prefix that, repeated, makes up all of these bytes; the last
    /// repetition may be incomplete.
    fileprivate var period: Int {
        (1..<Swift.max(count, 1)).first { zip(self, dropFirst($0)).allSatisfy(==) } ?? count
    }
}
