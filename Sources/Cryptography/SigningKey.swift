import COpenSSL
import Threads

/// A key for HMAC-SHA-256 (RFC 2104), which JSON Web Signature calls HS256 (RFC 7518, section 3.2).
///
/// Preparing the key for each message would take longer than hashing a token. So the key is
/// prepared once, and OpenSSL contexts with the prepared state are kept in a pool that threads
/// share.
public final class SigningKey: Sendable {
    /// The length of an authentication code in bytes.
    static let codeLength = 32

    private struct Contexts {
        /// The context with the prepared key.
        ///
        /// Only copies of this context compute codes, so a failed computation cannot damage it.
        let original: OpaquePointer
        /// The copies that are not in use.
        ///
        /// The most recently used copy is taken first, because its memory is still in the
        /// processor's cache.
        var idle: [OpaquePointer] = []
    }

    private let contexts: Guarded<Contexts>
    private let secret: [UInt8]

    /// Creates a key from its bytes.
    ///
    /// - Parameter secret: The key's bytes. RFC 7518 requires 32 or more bytes, which the caller
    ///   must check.
    /// - Throws: `CryptographyError` if the secret is empty or OpenSSL fails.
    public init(secret: [UInt8]) throws {
        // OpenSSL takes an empty key to mean "the key that was set before".
        guard !secret.isEmpty else {
            throw CryptographyError(call: "SigningKey", message: "the secret is empty")
        }
        self.secret = secret
        contexts = Guarded(Contexts(original: try Self.makeContext(secret)))
    }

    deinit {
        contexts.withLock { contexts in
            for context in contexts.idle + [contexts.original] { EVP_MAC_CTX_free(context) }
        }
    }

    /// Derives a key for another purpose with HKDF-SHA-256 (RFC 5869), no salt and 32 bytes of
    /// output.
    ///
    /// The purpose is the `info` of RFC 5869. Neither key reveals anything about the authentication
    /// codes of the other key.
    ///
    /// - Throws: `CryptographyError` if OpenSSL fails.
    public func derived(for purpose: String) throws -> SigningKey {
        try SigningKey(
            secret: hkdf(secret, salt: [], info: Array(purpose.utf8), count: Self.codeLength))
    }

    /// Returns a name of six hexadecimal digits, which distinguishes the key from other keys and
    /// reveals nothing about the key.
    ///
    /// - Throws: `CryptographyError` if OpenSSL fails.
    public func name() throws -> String {
        let bytes = try hkdf(secret, salt: [], info: Array("gatehouse key name".utf8), count: 3)
        return bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// Returns the 32-byte authentication code of a message.
    ///
    /// - Throws: `CryptographyError` if OpenSSL fails.
    public func code(for message: Span<UInt8>) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: Self.codeLength) { code, count in
            try write(codeFor: message, to: code)
            count = Self.codeLength
        }
    }

    /// Returns the first 64 bits of a string's authentication code.
    ///
    /// - Throws: `CryptographyError` if OpenSSL fails.
    public func number(for text: String) throws -> Int64 {
        try code(for: text.utf8.span).prefix(8).reduce(0) { $0 << 8 | Int64($1) }
    }

    /// Returns whether an authentication code is valid for a message.
    ///
    /// The comparison takes constant time, so it does not reveal how much of the code is right. A
    /// code of the wrong length is not valid.
    ///
    /// - Throws: `CryptographyError` if OpenSSL fails.
    public func isValid(_ code: Span<UInt8>, for message: Span<UInt8>) throws -> Bool {
        guard code.count == Self.codeLength else { return false }
        return try withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.codeLength) {
            expected in
            try write(codeFor: message, to: expected)
            return code.withUnsafeBufferPointer {
                CRYPTO_memcmp($0.baseAddress, expected.baseAddress, Self.codeLength) == 0
            }
        }
    }

    private func write(
        codeFor message: Span<UInt8>, to code: UnsafeMutableBufferPointer<UInt8>
    ) throws {
        let context = try takeContext()
        do {
            // If no key is passed, EVP_MAC_init uses the key that is already prepared in the
            // context.
            guard EVP_MAC_init(context, nil, 0, nil) == 1 else {
                throw CryptographyError.openSSL("EVP_MAC_init")
            }
            let isRead = message.withUnsafeBufferPointer {
                EVP_MAC_update(context, $0.baseAddress, $0.count) == 1
            }
            guard isRead else { throw CryptographyError.openSSL("EVP_MAC_update") }
            var count = 0
            guard EVP_MAC_final(context, code.baseAddress, &count, code.count) == 1,
                count == Self.codeLength
            else { throw CryptographyError.openSSL("EVP_MAC_final") }
        } catch {
            EVP_MAC_CTX_free(context)
            throw error
        }
        contexts.withLock { $0.idle.append(context) }
    }

    private func takeContext() throws -> OpaquePointer {
        try contexts.withLock { contexts in
            if let context = contexts.idle.popLast() { return context }
            guard let context = EVP_MAC_CTX_dup(contexts.original) else {
                throw CryptographyError.openSSL("EVP_MAC_CTX_dup")
            }
            return context
        }
    }

    private static func makeContext(_ secret: [UInt8]) throws -> OpaquePointer {
        guard let algorithm = EVP_MAC_fetch(nil, "HMAC", nil) else {
            throw CryptographyError.openSSL("EVP_MAC_fetch")
        }
        // The context holds its own reference to the algorithm, so release the reference that
        // EVP_MAC_fetch returned.
        defer { EVP_MAC_free(algorithm) }
        guard let context = EVP_MAC_CTX_new(algorithm) else {
            throw CryptographyError.openSSL("EVP_MAC_CTX_new")
        }
        // OSSL_PARAM stores pointers to its name and value, so the name and the digest must stay
        // valid until EVP_MAC_init has read them.
        var digest = Array("SHA256".utf8CString)
        let isPrepared = OSSL_MAC_PARAM_DIGEST.withCString { name in
            digest.withUnsafeMutableBufferPointer { digest in
                let parameters = [
                    OSSL_PARAM_construct_utf8_string(name, digest.baseAddress, 0),
                    OSSL_PARAM_construct_end(),
                ]
                return EVP_MAC_init(context, secret, secret.count, parameters) == 1
            }
        }
        guard isPrepared else {
            EVP_MAC_CTX_free(context)
            throw CryptographyError.openSSL("EVP_MAC_init")
        }
        return context
    }
}
