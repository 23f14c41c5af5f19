import COpenSSL

/// The hash of FIPS 180-4.
public enum SHA256 {
    /// The hash of some bytes, 32 bytes.
    ///
    /// - Throws: `CryptographyError` when OpenSSL fails.
    public static func hash(_ bytes: Span<UInt8>) throws -> [UInt8] {
        guard let algorithm else { throw CryptographyError.openSSL("EVP_MD_fetch") }
        return try [UInt8](unsafeUninitializedCapacity: 32) { hash, count in
            let result = bytes.withUnsafeBufferPointer { bytes in
                EVP_Digest(bytes.baseAddress, bytes.count, hash.baseAddress, nil, algorithm, nil)
            }
            guard result == 1 else { throw CryptographyError.openSSL("EVP_Digest") }
            count = 32
        }
    }

    // Looked up once: what EVP_sha256() gives is looked up again by each use. Threads may share it:
    // "Objects are thread-safe as long as the API's being invoked don't modify the object; in this
    // case the parameter is usually marked in the API as 'const'" (openssl-threads(7)), as it is in
    // EVP_Digest. It is never freed.
    nonisolated(unsafe) fileprivate static let algorithm = EVP_MD_fetch(nil, "SHA256", nil)
}

extension SHA256 {
    /// The hash of bytes that come piece by piece, such as those of a long file.
    public struct Running: ~Copyable {
        private let context: OpaquePointer

        /// Begins with no bytes.
        ///
        /// - Throws: `CryptographyError` when OpenSSL fails.
        public init() throws {
            guard let context = EVP_MD_CTX_new() else {
                throw CryptographyError.openSSL("EVP_MD_CTX_new")
            }
            guard let algorithm, EVP_DigestInit_ex2(context, algorithm, nil) == 1 else {
                EVP_MD_CTX_free(context)
                throw CryptographyError.openSSL("EVP_DigestInit_ex2")
            }
            self.context = context
        }

        deinit { EVP_MD_CTX_free(context) }

        /// Adds bytes behind those that were there.
        ///
        /// - Throws: `CryptographyError` when OpenSSL fails.
        public mutating func add(_ bytes: Span<UInt8>) throws {
            let result = bytes.withUnsafeBufferPointer {
                EVP_DigestUpdate(context, $0.baseAddress, $0.count)
            }
            guard result == 1 else { throw CryptographyError.openSSL("EVP_DigestUpdate") }
        }

        /// The hash of all of them, 32 bytes.
        ///
        /// - Throws: `CryptographyError` when OpenSSL fails.
        public consuming func hash() throws -> [UInt8] {
            try [UInt8](unsafeUninitializedCapacity: 32) { hash, count in
                guard EVP_DigestFinal_ex(context, hash.baseAddress, nil) == 1 else {
                    throw CryptographyError.openSSL("EVP_DigestFinal_ex")
                }
                count = 32
            }
        }
    }
}
