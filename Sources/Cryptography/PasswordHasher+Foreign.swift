// Hashes that were made elsewhere.
extension PasswordHasher {
    /// Whether a text is a whole hash of bcrypt or yescrypt, one that some password can match.
    ///
    /// bcrypt's is `$2a$`, `$2b$` or `$2y$`, a cost from 04 to 31, 22 characters of salt and 31 of
    /// the hash. The last of each has bits to spare, which are zero, or no password would match:
    /// what crypt(3) returns to be compared has them so. yescrypt's is as crypt(5) has it.
    public static func canVerify(against hash: String) -> Bool {
        let fields = hash.utf8.split(separator: UInt8(ascii: "$"), omittingEmptySubsequences: false)
        guard fields.count >= 4, fields[0].isEmpty else { return false }
        if String(fields[1]) == "y" {
            return fields.count == 5 && !fields[2].isEmpty && fields[3].count <= 86
                && fields[4].count == 43
                && fields[2...].allSatisfy { $0.allSatisfy { CryptString.value($0) != nil } }
        }
        guard fields.count == 4, let cost = bcryptCost(hash), 4...31 ~= cost else { return false }
        // Here the alphabet is another one: A to Z, a to z and the digits change places.
        let text = fields[3]
        return ["2a", "2b", "2y"].contains(String(fields[1])) && text.count == 53
            && text.allSatisfy { CryptString.value($0) != nil }
            && ".Oeu".utf8.contains(text[text.index(text.startIndex, offsetBy: 21)])
            && text.last.map(".CGKOSWaeimquy26".utf8.contains) == true
    }

    /// Whether comparing a password with a hash takes longer, by far, than any setting for new ones
    /// does: a bcrypt of a cost beyond 15.
    public static func isExpensive(_ hash: String) -> Bool { (bcryptCost(hash) ?? 0) > 15 }

    /// The two digits behind a prefix of bcrypt's.
    private static func bcryptCost(_ hash: String) -> Int? {
        let fields = hash.utf8.split(separator: UInt8(ascii: "$"), omittingEmptySubsequences: false)
        guard fields.count == 4, fields[1].first == UInt8(ascii: "2"), fields[2].count == 2,
            fields[2].allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return Int(Substring(fields[2]))
    }
}
