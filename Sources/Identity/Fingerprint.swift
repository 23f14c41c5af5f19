import Cryptography

/// What tells one state of something from another: 128 bits of SHA-256.
///
/// It is of the content, not a counter, so it means the same after a restart, and something else
/// after a backup was restored or another program has changed a row.
public struct Fingerprint: Hashable, Sendable {
    private let bits: UInt128

    /// Takes the fingerprint of some bytes.
    ///
    /// - Throws: `CryptographyError`.
    public init(of bytes: Span<UInt8>) throws {
        self.init(try SHA256.hash(bytes)[..<16])
    }

    /// Reads the text of a fingerprint; `nil` for what is none.
    public init?(_ text: some Collection<UInt8>) {
        guard text.count == 22, let bytes = Base64URL.decode(Array(text).span) else { return nil }
        self.init(bytes[...])
    }

    private init(_ bytes: ArraySlice<UInt8>) {
        bits = bytes.reduce(0) { $0 << 8 | UInt128($1) }
    }

    /// The fingerprint as a text of 22 letters, digits, `-` and `_`.
    public var text: String {
        let bytes = stride(from: 120, through: 0, by: -8).map {
            UInt8(truncatingIfNeeded: bits >> UInt128($0))
        }
        var text: [UInt8] = []
        Base64URL.append(bytes.span, to: &text)
        return String(decoding: text, as: UTF8.self)
    }
}

extension Person {
    /// What tells this state of the person from any other, and from other people.
    ///
    /// - Throws: `CryptographyError`.
    public var fingerprint: Fingerprint {
        get throws {
            // The first name's length keeps the names apart.
            try Fingerprint(
                of: Array("\(id) \(firstName.utf8.count) \(firstName)\(lastName)".utf8).span)
        }
    }
}
