import Cryptography

extension PasswordHasher {
    /// Why the scheme cannot hash all of a new password; empty if it can.
    func violations(of password: String) -> [AccountViolation] {
        var violations: [AccountViolation] = []
        if password.utf8.count > longestPassword {
            violations.append(.passwordTooLongForHash(maximumBytes: longestPassword))
        }
        if password.utf8.contains(0) { violations.append(.passwordContainsNUL) }
        return violations
    }
}
