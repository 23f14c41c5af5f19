// These functions check hashes made by other systems, for the import of accounts.
extension PasswordHasher {
    /// Returns whether a string is a complete bcrypt or yescrypt hash that some password can match.
    ///
    /// A bcrypt hash consists of `$2a$`, `$2b$` or `$2y$`, a cost from 04 to 31, 22 characters of
    /// salt and 31 characters of hash. The last character of the salt and the last character of the
    /// hash have unused bits, which must be zero. crypt(3) always returns zeros there, so a hash
    /// with other bits never matches. crypt(5) describes the format of yescrypt hashes.
    public static func canVerify(against hash: String) -> Bool {
        let fields = hash.utf8.split(separator: UInt8(ascii: "$"), omittingEmptySubsequences: false)
        guard fields.count >= 4, fields[0].isEmpty else { return false }
        if String(fields[1]) == "y" {
            return fields.count == 5 && fields[3].count <= 86
                && fields[4].count == 43 && YescryptOptions(fields[2]) != nil
                && fields[2...].allSatisfy { $0.allSatisfy { CryptString.value($0) != nil } }
        }
        guard fields.count == 4, let cost = bcryptCost(hash), 4...31 ~= cost else { return false }
        // The alphabet of bcrypt has the same characters as the alphabet of crypt(3) in another
        // order: A to Z, a to z, then digits.
        let text = fields[3]
        return ["2a", "2b", "2y"].contains(String(fields[1])) && text.count == 53
            && text.allSatisfy { CryptString.value($0) != nil }
            && ".Oeu".utf8.contains(text[text.index(text.startIndex, offsetBy: 21)])
            && text.last.map(".CGKOSWaeimquy26".utf8.contains) == true
    }

    /// Returns whether verifying a password against a hash takes much longer than any setting for
    /// new passwords allows.
    ///
    /// This is true for bcrypt with a cost above 15.
    public static func isExpensive(_ hash: String) -> Bool { (bcryptCost(hash) ?? 0) > 15 }

    /// Returns whether verifying a password against a hash takes much longer than against
    /// new hashes.
    ///
    /// If so, the duration of a failed login reveals that the account exists. New hashes count as
    /// at least as slow as bcrypt with cost 10, because only tests use a lower cost.
    public static func isSlower(_ hash: String, than scheme: Scheme) -> Bool {
        CryptString(hash).cost.seconds
            > 1.5 * max(scheme.hashCost.seconds, HashCost.bcrypt(cost: 10).seconds)
    }

    /// Returns the cost of a bcrypt hash, which is the two digits after its prefix.
    private static func bcryptCost(_ hash: String) -> Int? {
        let fields = hash.utf8.split(separator: UInt8(ascii: "$"), omittingEmptySubsequences: false)
        guard fields.count == 4, fields[1].first == UInt8(ascii: "2"), fields[2].count == 2,
            fields[2].allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return Int(Substring(fields[2]))
    }
}
