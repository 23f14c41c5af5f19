/// A password hash, or a setting for making a hash, in the format of crypt(5).
struct CryptString: Sendable {
    /// How expensive it is to guess the password of a hash.
    ///
    /// The cases are in ascending order.
    enum Strength: Comparable {
        /// The scheme is cheaper than bcrypt, broken or unknown.
        case weak
        case bcrypt(cost: Int)
        /// The scheme is scrypt, yescrypt or gost-yescrypt, which fill memory on purpose.
        ///
        /// `blocks` is the product of the parameters N and r, which is the memory in blocks of 128
        /// bytes.
        case memoryHard(blocks: UInt64)
    }

    let text: String
    let strength: Strength
    /// The number of bytes of a password that the scheme uses.
    ///
    /// The scheme ignores the rest of a longer password.
    let maximumPasswordLength: Int

    init(_ text: String) {
        self.text = text
        let fields = text.utf8.split(separator: UInt8(ascii: "$"), omittingEmptySubsequences: false)
        guard fields.count >= 3, fields[0].isEmpty else {
            strength = .weak
            // A hash without a `$` prefix is BSDi DES if it begins with an underscore. Otherwise it
            // is traditional DES, which uses only eight characters of a password.
            maximumPasswordLength =
                text.utf8.first == UInt8(ascii: "_") ? Crypt.maximumPasswordLength : 8
            return
        }
        switch String(fields[1]) {
        case "2a", "2b", "2y":
            strength = Int(Substring(fields[2])).map { .bcrypt(cost: $0) } ?? .weak
            maximumPasswordLength = 72
        case "2x":
            // `$2x$` marks the hash of a faulty crypt_blowfish, which gives many passwords the same
            // hash.
            strength = .weak
            maximumPasswordLength = 72
        case "y", "gy":
            strength = .memoryHard(blocks: Self.yescryptBlocks(fields[2]))
            maximumPasswordLength = Crypt.maximumPasswordLength
        case "7":
            strength = Self.scryptBlocks(fields[2]).map { .memoryHard(blocks: $0) } ?? .weak
            maximumPasswordLength = Crypt.maximumPasswordLength
        default:
            strength = .weak
            maximumPasswordLength = Crypt.maximumPasswordLength
        }
    }

    /// Returns whether the scheme hashes the whole password and ignores no part of it.
    func canHash(_ password: String) -> Bool {
        password.utf8.count <= maximumPasswordLength && !password.utf8.contains(0)
    }

    /// Returns the product of N and r, from yescrypt's options "flavour, log2 N - 1, r - 1, …".
    ///
    /// Numbers of 48 or more take more than one digit. libxcrypt never generates such numbers, so
    /// someone chose them by hand for a higher cost. A hash with such a number therefore counts as
    /// the most expensive.
    private static func yescryptBlocks(_ options: Substring.UTF8View) -> UInt64 {
        let numbers = options.prefix(3).map { value($0) ?? .max }
        guard numbers.count == 3, numbers.allSatisfy({ $0 < 48 }) else { return .max }
        return (numbers[2] + 1) << (numbers[1] + 1)
    }

    /// Returns the product of the parameters N and r, from scrypt's options.
    ///
    /// The options begin with one digit for log2 N and five digits for r, the least significant
    /// digit first.
    private static func scryptBlocks(_ options: Substring.UTF8View) -> UInt64? {
        let digits = options.prefix(6).compactMap(value)
        guard digits.count == 6, digits[0] < 32 else { return nil }
        return digits.dropFirst().reversed().reduce(0) { $0 << 6 | $1 } << digits[0]
    }

    /// Returns the value of a digit in the alphabet of crypt(3), "./0-9A-Za-z".
    static func value(_ digit: UInt8) -> UInt64? {
        switch digit {
        case UInt8(ascii: "."): 0
        case UInt8(ascii: "/"): 1
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(digit - UInt8(ascii: "0")) + 2
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt64(digit - UInt8(ascii: "A")) + 12
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt64(digit - UInt8(ascii: "a")) + 38
        default: nil
        }
    }
}
