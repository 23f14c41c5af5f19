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

    /// Whether this secret is the placeholder from the documentation of the Express backend.
    package var isExample: Bool { bytes == Array("your-very-secure-secret-key-here".utf8) }
}
