import COpenSSL

extension SHA256 {
    /// A hash of bytes that are added piece by piece, such as the contents of a long file.
    public struct Running: ~Copyable {
        private let context: OpaquePointer

        /// Starts a hash to which no bytes have been added yet.
        ///
        /// - Throws: `CryptographyError` if OpenSSL fails.
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

        /// Adds bytes to the data that is hashed.
        ///
        /// - Throws: `CryptographyError` if OpenSSL fails.
        public mutating func add(_ bytes: Span<UInt8>) throws {
            let result = bytes.withUnsafeBufferPointer {
                EVP_DigestUpdate(context, $0.baseAddress, $0.count)
            }
            guard result == 1 else { throw CryptographyError.openSSL("EVP_DigestUpdate") }
        }

        /// Returns the 32-byte hash of all bytes added so far.
        ///
        /// - Throws: `CryptographyError` if OpenSSL fails.
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
