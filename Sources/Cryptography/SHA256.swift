import COpenSSL

/// The hash of FIPS 180-4.
public enum SHA256 {
    /// The hash of some bytes, 32 bytes.
    ///
    /// - Throws: `CryptographyError` when OpenSSL fails.
    public static func hash(_ bytes: Span<UInt8>) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: 32) { hash, count in
            let result = bytes.withUnsafeBufferPointer { bytes in
                EVP_Digest(bytes.baseAddress, bytes.count, hash.baseAddress, nil, EVP_sha256(), nil)
            }
            guard result == 1 else { throw CryptographyError.openSSL("EVP_Digest") }
            count = 32
        }
    }
}
