import COpenSSL

/// The SHA-256 hash function (FIPS 180-4).
public enum SHA256 {
    /// Returns the 32-byte hash of bytes.
    ///
    /// - Throws: `CryptographyError` if OpenSSL fails.
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

    // The algorithm is fetched once, because each use of EVP_sha256() would look it up again. It is
    // never freed. Threads may share it: "Objects are thread-safe as long as the API's being
    // invoked don't modify the object; in this case the parameter is usually marked in the API as
    // 'const'" (openssl-threads(7)). EVP_Digest takes the algorithm as 'const'.
    nonisolated(unsafe) static let algorithm = EVP_MD_fetch(nil, "SHA256", nil)
}
