import COpenSSL
import Threads

/// A key for HMAC-SHA-256 (RFC 2104), which JSON Web Signature calls HS256 (RFC 7518, 3.2).
///
/// To hash the key anew for each message costs more than to hash a token. So the key is prepared
/// once, and contexts that hold the prepared state are lent to threads and taken back.
public final class SigningKey: Sendable {
    /// The length of a code in bytes.
    static let codeLength = 32

    private struct Contexts {
        /// Holds the prepared key and is only ever copied, so a spoiled copy costs nothing.
        let original: OpaquePointer
        /// As many as were ever in use at once; the last is lent first, for its memory is warm.
        var idle: [OpaquePointer] = []
    }

    private let contexts: Guarded<Contexts>
    private let secret: [UInt8]

    /// Prepares a key.
    ///
    /// - Parameter secret: The key's bytes. RFC 7518 asks for 32 or more; whoever reads the
    ///   setting sees to that.
    /// - Throws: `CryptographyError` for an empty secret, or when OpenSSL fails.
    public init(secret: [UInt8]) throws {
        // To OpenSSL an empty key means "the key that was set before".
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

    /// A key for another purpose, by HKDF-SHA-256 (RFC 5869) with no salt and 32 bytes of output.
    ///
    /// The purpose is the RFC's `info`. Neither key tells anything of the other's codes.
    ///
    /// - Throws: `CryptographyError` when OpenSSL fails.
    public func derived(for purpose: String) throws -> SigningKey {
        try SigningKey(
            secret: hkdf(secret, salt: [], info: Array(purpose.utf8), count: Self.codeLength))
    }

    /// What tells the key from others and nothing about it: six hexadecimal digits.
    ///
    /// - Throws: `CryptographyError` when OpenSSL fails.
    public func name() throws -> String {
        let bytes = try hkdf(secret, salt: [], info: Array("gatehouse key name".utf8), count: 3)
        return bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// The message's authentication code, 32 bytes.
    ///
    /// - Throws: `CryptographyError` when OpenSSL fails.
    public func code(for message: Span<UInt8>) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: Self.codeLength) { code, count in
            try write(codeFor: message, to: code)
            count = Self.codeLength
        }
    }

    /// Whether a code is the message's, in a time that does not tell how nearly it is.
    ///
    /// A code of another length is none.
    ///
    /// - Throws: `CryptographyError` when OpenSSL fails.
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
        let context = try lendContext()
        do {
            // Without a key, the context starts over from the one that is prepared in it.
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

    private func lendContext() throws -> OpaquePointer {
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
        // The context keeps a reference of its own.
        defer { EVP_MAC_free(algorithm) }
        guard let context = EVP_MAC_CTX_new(algorithm) else {
            throw CryptographyError.openSSL("EVP_MAC_CTX_new")
        }
        // OSSL_PARAM keeps both pointers, so both must outlive the call that reads it.
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
