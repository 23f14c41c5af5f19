/// A password's hash, or the setting to make one with, as crypt(5) writes it.
struct CryptString: Sendable {
    /// How dear a guess is, from the cheapest.
    enum Strength: Comparable {
        /// What is cheaper than bcrypt, broken or unknown.
        case lesser
        case bcrypt(cost: Int)
        /// scrypt and its kin, by N times r: the memory in blocks of 128 bytes.
        case memoryHard(blocks: UInt64)
    }

    let text: String
    let strength: Strength
    /// How many bytes of a password the scheme looks at; it ignores what follows.
    let longestPassword: Int

    init(_ text: String) {
        self.text = text
        let fields = text.utf8.split(separator: UInt8(ascii: "$"), omittingEmptySubsequences: false)
        guard fields.count >= 3, fields[0].isEmpty else {
            strength = .lesser
            // Text without a prefix is traditional DES, which knows eight characters.
            longestPassword = text.utf8.first == UInt8(ascii: "_") ? Crypt.longestPassword : 8
            return
        }
        switch String(fields[1]) {
        case "2a", "2b", "2y":
            strength = Int(Substring(fields[2])).map { .bcrypt(cost: $0) } ?? .lesser
            longestPassword = 72
        case "2x":
            // The hash of a broken crypt_blowfish, in which many passwords are alike.
            strength = .lesser
            longestPassword = 72
        case "y", "gy":
            strength = .memoryHard(blocks: Self.yescryptBlocks(fields[2]))
            longestPassword = Crypt.longestPassword
        case "7":
            strength = Self.scryptBlocks(fields[2]).map { .memoryHard(blocks: $0) } ?? .lesser
            longestPassword = Crypt.longestPassword
        default:
            strength = .lesser
            longestPassword = Crypt.longestPassword
        }
    }

    /// Whether the scheme hashes all of a password: nothing of it is cut off or ignored.
    func holds(_ password: String) -> Bool {
        password.utf8.count <= longestPassword && !password.utf8.contains(0)
    }

    /// N times r of yescrypt's "flavour, log2 N less 1, r less 1, …".
    ///
    /// Numbers over 48 take more than a digit. No setting of libxcrypt's has any, so whoever chose
    /// them meant more than we would: they count as the dearest.
    private static func yescryptBlocks(_ options: Substring.UTF8View) -> UInt64 {
        let numbers = options.prefix(3).map { value($0) ?? .max }
        guard numbers.count == 3, numbers.allSatisfy({ $0 < 48 }) else { return .max }
        return (numbers[2] + 1) << (numbers[1] + 1)
    }

    /// N times r of scrypt's log2 N, one digit, and r, five digits of which the lowest is first.
    private static func scryptBlocks(_ options: Substring.UTF8View) -> UInt64? {
        let digits = options.prefix(6).compactMap(value)
        guard digits.count == 6, digits[0] < 32 else { return nil }
        return digits.dropFirst().reversed().reduce(0) { $0 << 6 | $1 } << digits[0]
    }

    /// What a digit of "./0-9A-Za-z" stands for, the alphabet that crypt(3) has always had.
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
