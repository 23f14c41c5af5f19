import COpenSSL

/// The SHA-256 hash function (FIPS 180-4).
public enum SHA256 {
    /// Hashes bytes; the result has 32 bytes.
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

    // Fetched once, because each use of EVP_sha256() would look the algorithm up again. Threads may
    // share it:
    // "Objects are thread-safe as long as the API's being invoked don't modify the object; in this
    // case the parameter is usually marked in the API as 'const'" (openssl-threads(7)), as it is in
    // EVP_Digest. It is never freed.
    nonisolated(unsafe) static let algorithm = EVP_MD_fetch(nil, "SHA256", nil)
}
