import CCrypt
import COpenSSL
import Glibc

/// crypt(3) of libxcrypt.
enum Crypt {
    /// More bytes than this libxcrypt refuses, whatever the scheme.
    static let longestPassword = Int(CRYPT_MAX_PASSPHRASE_SIZE) - 1

    /// A setting with a new random salt.
    ///
    /// Prefix and cost are the scheme's "Prefix" and "CPU time cost parameter" in crypt(5).
    ///
    /// - Throws: `CryptographyError` when the scheme has no such cost.
    static func makeSetting(prefix: String, cost: Int) throws -> CryptString {
        guard let count = UInt(exactly: cost) else {
            throw CryptographyError.system("crypt_gensalt_rn", EINVAL)
        }
        let size = Int(CRYPT_GENSALT_OUTPUT_SIZE)
        return try withUnsafeTemporaryAllocation(of: CChar.self, capacity: size) { text in
            // Without bytes of ours, libxcrypt takes as many as it needs from getrandom(2).
            let setting = crypt_gensalt_rn(
                prefix, count, nil, 0, text.baseAddress, Int32(text.count))
            guard let setting else { throw CryptographyError.system("crypt_gensalt_rn", errno) }
            return CryptString(String(cString: setting))
        }
    }

    /// Hashes as much of a password as the scheme looks at; all of it, if `setting.holds` it.
    ///
    /// A hash will do for a setting: it begins with the one that it was made with.
    ///
    /// - Throws: `CryptographyError` when the setting is none or memory is short.
    static func hash(_ password: String, setting: CryptString) throws -> String {
        // crypt_data is too big for a stack. The copy of the password lies behind it, so that one
        // call wipes both, with all that the scheme left behind.
        let size = MemoryLayout<crypt_data>.size
        let memory = UnsafeMutableRawBufferPointer.allocate(
            byteCount: size + longestPassword + 1, alignment: MemoryLayout<crypt_data>.alignment)
        memory.initializeMemory(as: UInt8.self, repeating: 0)
        defer {
            OPENSSL_cleanse(memory.baseAddress, memory.count)
            memory.deallocate()
        }
        let phrase = UnsafeMutableRawBufferPointer(rebasing: memory[size...])
        phrase.copyBytes(from: password.utf8.prefix(setting.longestPassword))
        let hash = crypt_rn(
            phrase.assumingMemoryBound(to: CChar.self).baseAddress, setting.text,
            memory.baseAddress, Int32(size))
        guard let hash else { throw CryptographyError.system("crypt_rn", errno) }
        return String(cString: hash)
    }
}
