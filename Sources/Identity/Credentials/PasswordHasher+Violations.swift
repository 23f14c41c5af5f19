import Cryptography

extension PasswordHasher {
    /// Returns the reasons why the hash would ignore a part of a new password; empty if the hash
    /// uses all of the password.
    func violations(of password: String) -> [AccountViolation] {
        var violations: [AccountViolation] = []
        if password.utf8.count > longestPassword {
            violations.append(.passwordTooLongForHash(maximumBytes: longestPassword))
        }
        if password.utf8.contains(0) { violations.append(.passwordContainsNUL) }
        return violations
    }
}
