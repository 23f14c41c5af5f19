import CCrypt
import COpenSSL
import Glibc

/// The functions of crypt(3), as libxcrypt provides them.
enum Crypt {
    /// The maximum length of a password in bytes.
    ///
    /// libxcrypt refuses longer passwords with every scheme.
    static let maximumPasswordLength = Int(CRYPT_MAX_PASSPHRASE_SIZE) - 1

    /// Creates a setting for hashing a password, with a new random salt.
    ///
    /// The prefix and the cost are a scheme's "Prefix" and "CPU time cost parameter" in crypt(5).
    ///
    /// - Throws: `CryptographyError` if the scheme does not support this cost.
    static func makeSetting(prefix: String, cost: Int) throws -> CryptString {
        guard let count = UInt(exactly: cost) else {
            throw CryptographyError.system("crypt_gensalt_rn", EINVAL)
        }
        let size = Int(CRYPT_GENSALT_OUTPUT_SIZE)
        return try withUnsafeTemporaryAllocation(of: CChar.self, capacity: size) { text in
            // Pass no random bytes, so that libxcrypt reads as many as it needs from getrandom(2).
            let setting = crypt_gensalt_rn(
                prefix, count, nil, 0, text.baseAddress, Int32(text.count))
            guard let setting else { throw CryptographyError.system("crypt_gensalt_rn", errno) }
            return CryptString(String(cString: setting))
        }
    }

    /// Hashes the part of a password that the scheme uses.
    ///
    /// The scheme uses the whole password if `setting.canHash(password)` is true. The setting may
    /// also be a hash, because a hash begins with the setting that it was made with.
    ///
    /// - Throws: `CryptographyError` if the setting is invalid or there is not enough memory.
    static func hash(_ password: String, setting: CryptString) throws -> String {
        // `crypt_data` is too large for the stack, so allocate it. The copy of the password is
        // stored right after it, so that one call wipes the password and all intermediate values of
        // the scheme.
        let size = MemoryLayout<crypt_data>.size
        let memory = UnsafeMutableRawBufferPointer.allocate(
            byteCount: size + maximumPasswordLength + 1,
            alignment: MemoryLayout<crypt_data>.alignment)
        memory.initializeMemory(as: UInt8.self, repeating: 0)
        defer {
            OPENSSL_cleanse(memory.baseAddress, memory.count)
            memory.deallocate()
        }
        let phrase = UnsafeMutableRawBufferPointer(rebasing: memory[size...])
        phrase.copyBytes(from: password.utf8.prefix(setting.maximumPasswordLength))
        let hash = crypt_rn(
            phrase.assumingMemoryBound(to: CChar.self).baseAddress, setting.text,
            memory.baseAddress, Int32(size))
        guard let hash else { throw CryptographyError.system("crypt_rn", errno) }
        return String(cString: hash)
    }
}
