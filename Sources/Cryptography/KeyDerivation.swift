import COpenSSL

/// Derives a key with HKDF-SHA-256, which consists of an extract and an expand step (RFC 5869).
///
/// - Parameters:
///   - secret: The input keying material, which must not be empty.
///   - salt: The salt. An empty array means no salt, which RFC 5869 defines as 32 zero bytes.
///   - info: The purpose of the key.
///   - count: The number of bytes to derive, up to 8160.
/// - Returns: The output keying material.
/// - Throws: `CryptographyError` if OpenSSL fails.
func hkdf(_ secret: [UInt8], salt: [UInt8], info: [UInt8], count: Int) throws -> [UInt8] {
    guard let context = EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, nil) else {
        throw CryptographyError.openSSL("EVP_PKEY_CTX_new_id")
    }
    defer { EVP_PKEY_CTX_free(context) }
    try check("EVP_PKEY_derive_init", EVP_PKEY_derive_init(context))
    try check("EVP_PKEY_CTX_set_hkdf_md", EVP_PKEY_CTX_set_hkdf_md(context, EVP_sha256()))
    try check(
        "EVP_PKEY_CTX_set1_hkdf_key",
        EVP_PKEY_CTX_set1_hkdf_key(context, secret, Int32(secret.count)))
    if !salt.isEmpty {
        try check(
            "EVP_PKEY_CTX_set1_hkdf_salt",
            EVP_PKEY_CTX_set1_hkdf_salt(context, salt, Int32(salt.count)))
    }
    if !info.isEmpty {
        try check(
            "EVP_PKEY_CTX_add1_hkdf_info",
            EVP_PKEY_CTX_add1_hkdf_info(context, info, Int32(info.count)))
    }
    return try [UInt8](unsafeUninitializedCapacity: count) { key, length in
        var written = count
        try check("EVP_PKEY_derive", EVP_PKEY_derive(context, key.baseAddress, &written))
        length = written
    }
}

private func check(_ call: String, _ result: Int32) throws {
    guard result == 1 else { throw CryptographyError.openSSL(call) }
}
