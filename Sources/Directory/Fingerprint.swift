import Cryptography

/// An identifier of one state of some content, made of 128 bits of the content's SHA-256 hash.
///
/// It depends only on the content, not on a counter. So it stays the same after a restart, and it
/// differs if the content was changed by a restored backup or by another program.
public struct Fingerprint: Hashable, Sendable {
    private let bits: UInt128

    /// Computes the fingerprint of some bytes.
    ///
    /// - Throws: `CryptographyError`.
    public init(of bytes: Span<UInt8>) throws {
        self.init(try SHA256.hash(bytes)[..<16])
    }

    /// Parses the string form of a fingerprint; returns `nil` if the bytes are not a fingerprint.
    public init?(_ text: some Collection<UInt8>) {
        guard text.count == 22, let bytes = Base64URL.decode(Array(text).span) else { return nil }
        self.init(bytes[...])
    }

    private init(_ bytes: ArraySlice<UInt8>) {
        bits = bytes.reduce(0) { $0 << 8 | UInt128($1) }
    }

    /// The fingerprint as a string of 22 characters, which are letters, digits, `-` or `_`.
    public var text: String {
        let bytes = stride(from: 120, through: 0, by: -8).map {
            UInt8(truncatingIfNeeded: bits >> UInt128($0))
        }
        var text: [UInt8] = []
        Base64URL.append(bytes.span, to: &text)
        return String(decoding: text, as: UTF8.self)
    }
}
